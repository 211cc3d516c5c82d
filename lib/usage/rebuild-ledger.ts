import type { PoolClient } from 'pg'
import { hotPool } from '@/lib/db'
import { idsBetween } from '@/lib/ids'
import { withTransaction } from '@/lib/with-client'
import { queryKeptSince } from './kept-since'
import { ledgerCounters, requestInLedgerColumns } from './usage-source'

const hourMs = 3_600_000
const chunkMs = 24 * hourMs

export interface RebuiltDay {
  readonly from: Date
  readonly to: Date
  readonly requestsBefore: number
  readonly requestsAfter: number
  readonly costBeforeMicroUsd: bigint
  readonly costAfterMicroUsd: bigint
}

/**
 * Computes the ledger again from the requests, a day in a transaction. Hours older than the oldest kept request are
 * left alone: the ledger is all that is left of them. Recording waits while a day is written.
 */
export async function rebuildLedger(onDay: (day: RebuiltDay) => void = () => undefined): Promise<void> {
  const from = await firstHourToRebuild()
  if (!from) return
  const end = Date.now() + hourMs
  for (let atMs = from.getTime(); atMs < end; atMs = nextDayMs(atMs)) {
    onDay(await rebuildDay(new Date(atMs), new Date(nextDayMs(atMs))))
  }
}

const nextDayMs = (atMs: number) => (Math.floor(atMs / chunkMs) + 1) * chunkMs

/** Retention may have cut the oldest hour in two: it is rebuilt only when nothing came before it. */
async function firstHourToRebuild(): Promise<Date | null> {
  const keptSince = await queryKeptSince()
  if (!keptSince) return null
  const hour = new Date(Math.floor(keptSince.getTime() / hourMs) * hourMs)
  const { rowCount } = await hotPool().query('SELECT 1 FROM usage_hours WHERE hour < $1 LIMIT 1', [hour])
  return rowCount === 0 ? hour : new Date(hour.getTime() + hourMs)
}

interface Totals {
  requests: number
  cost: string
}

async function rebuildDay(from: Date, to: Date): Promise<RebuiltDay> {
  return withTransaction(hotPool(), async (client) => {
    // Waits for those who are recording and holds back those who would: a row is in both tables or in neither.
    await client.query('LOCK TABLE usage_hours IN SHARE ROW EXCLUSIVE MODE')
    const before = await totalsOf(client, from, to)
    await client.query('DELETE FROM usage_hours WHERE hour >= $1 AND hour < $2', [from, to])
    const { firstId, endId } = idsBetween(from, to)
    await client.query(insertDay, [from, to, firstId, endId])
    const after = await totalsOf(client, from, to)
    return {
      ...{ from, to, requestsBefore: before.requests, requestsAfter: after.requests },
      ...{ costBeforeMicroUsd: BigInt(before.cost), costAfterMicroUsd: BigInt(after.cost) },
    }
  })
}

async function totalsOf(client: PoolClient, from: Date, to: Date): Promise<Totals> {
  const { rows } = await client.query<Totals>(
    `SELECT coalesce(sum(requests), 0)::float8 AS requests, coalesce(sum(cost_micro_usd), 0)::text AS cost
     FROM usage_hours WHERE hour >= $1 AND hour < $2`,
    [from, to],
  )
  return rows[0] as Totals
}

const sums = ledgerCounters
  .split(',')
  .map((name) => `sum(${name.trim()})`)
  .join(', ')

const insertDay = `
  INSERT INTO usage_hours (hour, domain, account_id, client_key_id, model, kind, ${ledgerCounters})
  SELECT date_trunc('hour', created_at, 'UTC'), domain, account_id, client_key_id, model, kind, ${sums}
  FROM (SELECT r.created_at, ${requestInLedgerColumns} FROM api_requests r
        WHERE r.created_at >= $1 AND r.created_at < $2 AND r.request_id >= $3 AND r.request_id < $4) u
  GROUP BY 1, 2, 3, 4, 5, 6`
