import { z } from 'zod'
import { queryRows } from '@/lib/dashboard-query'
import { classifyFault } from '@/lib/database-fault'
import { prisma } from '@/lib/prisma'
import { isAppError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { usdOfMicroUsd } from '@/lib/money'
import { outlastOutage } from '@/lib/outlast-outage'
import { instantSchema } from '@/lib/time-range'
import { normaliseModel } from '@/lib/claude/model-name'
import { recordAudit } from '@/lib/users/audit'
import { applyRerate } from './apply-rerate'
import { loadPriceBook } from './current-price-book'
import type { Doer } from '@/lib/users/doer'
import type { Prisma } from '@/prisma/client/client'
import type { RerateSums } from './rerate'

export const newRerateSchema = z
  .object({
    from: instantSchema,
    to: instantSchema.default(() => new Date()),
    model: z.string().trim().min(1).max(200).transform(normaliseModel).nullable().default(null),
  })
  .refine(({ from, to }) => from < to, { error: 'is after from', path: ['to'] })
export type NewRerate = z.infer<typeof newRerateSchema>

export interface ListedRerate {
  readonly id: string
  readonly from: Date
  readonly to: Date
  readonly model: string | null
  /** `interrupted`: the process that ran it has gone. */
  readonly status: 'running' | 'done' | 'failed' | 'interrupted'
  readonly requests: number
  readonly changedRequests: number
  readonly differenceUsd: string
  readonly error: string | null
  readonly startedBy: string
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** A run that says nothing for so long has died with its process: batches take seconds. */
const silentMs = 60_000

/** The last runs, newest first. */
export async function listRerates(): Promise<ListedRerate[]> {
  const rows = await queryRows<Omit<ListedRerate, 'differenceUsd'> & { difference: number }>(
    `SELECT id, from_at AS "from", to_at AS "to", model,
       CASE WHEN status = 'running' AND heard_at < now() - make_interval(secs => $1) THEN 'interrupted' ELSE status END AS status,
       requests::float8 AS requests, changed_requests::float8 AS "changedRequests",
       difference_micro_usd::float8 AS difference, error, started_by AS "startedBy", started_at AS "startedAt",
       finished_at AS "finishedAt"
     FROM rerates ORDER BY started_at DESC LIMIT 20`,
    [silentMs / 1000],
  )
  return rows.map(({ difference, ...run }) => ({ ...run, differenceUsd: usdOfMicroUsd(difference) }))
}

/** Notes the run and begins it; the answer names the run, `finished` resolves with what it did. */
export async function startRerate(given: NewRerate, by: Doer): Promise<{ id: string; finished: Promise<RerateSums> }> {
  const id = newId()
  const { from, to, model } = given
  await prisma().$transaction(async (tx) => {
    await tx.rerate.create({ data: { id, fromAt: from, toAt: to, model, status: 'running', startedBy: by.actor.name } })
    const detail = { from, to, model }
    await recordAudit(tx, { ...by, action: 'usage.rerate', targetType: 'rerate', targetId: id, detail })
  })
  return { id, finished: run(id, given) }
}

async function run(id: string, { from, to, model }: NewRerate): Promise<RerateSums> {
  try {
    const book = await outlastOutage(loadPriceBook)
    const sums = await applyRerate({ from, to, model, book }, (soFar) => note(id, soFar))
    await save(id, { ...columnsOf(sums), status: 'done', finishedAt: new Date() })
    return sums
  } catch (error) {
    log().error({ error, rerateId: id }, 'pricing requests again failed')
    await save(id, { status: 'failed', error: reasonOf(error), finishedAt: new Date() }).catch((failure: unknown) =>
      log().error({ error: failure, rerateId: id }, 'that pricing requests again failed could not be noted'),
    )
    throw error
  }
}

function reasonOf(error: unknown): string {
  if (isAppError(error)) return error.publicMessage
  if (classifyFault(error) === 'outage')
    return 'The database was away for too long. Begin again: what is priced already stays.'
  return 'It failed here. The server log has the details.'
}

/** How far it is, for those who look on: a run does not depend on it. */
async function note(id: string, sums: RerateSums): Promise<void> {
  const data = { ...columnsOf(sums), heardAt: new Date() }
  await prisma()
    .rerate.update({ where: { id }, data })
    .catch((error: unknown) => log().warn({ error, rerateId: id }, 'how far pricing again is could not be noted'))
}

async function save(id: string, data: Prisma.RerateUpdateInput): Promise<void> {
  await outlastOutage(() => prisma().rerate.update({ where: { id }, data }))
}

const columnsOf = (sums: RerateSums) => ({
  requests: BigInt(sums.requests),
  changedRequests: BigInt(sums.changedRequests),
  differenceMicroUsd: sums.costAfterMicroUsd - sums.costBeforeMicroUsd,
})
