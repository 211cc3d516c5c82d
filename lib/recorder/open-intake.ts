import type { Pool } from 'pg'
import { PieceParser } from '@/lib/blocks/piece-parser'
import { hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import { timeOfId } from '@/lib/ids'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import type { BodyStore } from './body-store'
import { Intake } from './intake'
import type { IntakeEvents, ExchangeIntake, OpenIntake } from './exchange-intake'
import { linkNothing, type LinkConversations } from './link-port'
import { makePartitionKeeper } from './partitions'
import { PostgresBodyStore } from './postgres-body-store'
import { prepareExchange } from './prepare-exchange'
import { RebuildCheck } from './rebuild-check'
import { recordBatch } from './record-batch'

/** What a recorder may be given instead of the usual. */
export interface IntakeOptions {
  readonly pool?: () => Pool
  readonly store?: BodyStore
  readonly link?: LinkConversations
  /** Of the requests, those whose bodies are read back after their commit. */
  readonly checkShare?: number
}

/** The way from a finished exchange to committed rows, in this thread. */
export function intakeHere(options: IntakeOptions): OpenIntake {
  return (events) => openIntake(options, events)
}

function openIntake(options: IntakeOptions, { onRecorded, now }: IntakeEvents): ExchangeIntake {
  const { pool = hotPool, link = linkNothing, checkShare } = options
  const store = options.store ?? new PostgresBodyStore({ now, keepsContent: env().STORAGE_ENABLED })
  const partitions = makePartitionKeeper(pool)
  const pieces = new PieceParser()
  const rebuilds = new RebuildCheck({ pool, share: checkShare })
  return new Intake({
    now,
    rebuilds,
    onRecorded: (rows) => {
      onRecorded(rows)
      rebuilds.sample(rows)
    },
    prepare: async (exchange) => prepareExchange(exchange, { store, pieces, book: await currentPriceBook() }),
    write: async (batch, repeat) => {
      try {
        const times = batch.map(({ row }) => timeOfId(row.requestId).getTime())
        await partitions.ensure(times, now())
        return await recordBatch({ pool, store, link, now }, batch, repeat)
      } catch (error) {
        // A failover may have lost the latest commits, a retention run may have dropped a partition.
        store.distrust()
        partitions.forget()
        throw error
      }
    },
  })
}
