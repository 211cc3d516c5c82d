import { setTimeout as delay } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { classifyFault } from '@/lib/database-fault'
import { hotPool } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { outlastOutage } from '@/lib/outlast-outage'
import { withClient, withTransaction } from '@/lib/with-client'
import {
  hasChanged,
  addRerated,
  noRerate,
  rateBatch,
  type Rerated,
  type RerateQuestion,
  type RerateSums,
} from './rerate'

/** Two runs at once would each add the same difference. */
const rerateLock = 7_270_736_909
const mostAttempts = 6
const waitMs = 250
const longestWaitMs = 600_000

type OnBatch = (sums: RerateSums) => Promise<void> | void

/** How far a run has come: what breaks off, an outage say, goes on from there. */
interface Run {
  sums: RerateSums
  /** null = at the beginning. */
  cursor: string | null
  isOver: boolean
}

/**
 * Prices recorded requests again and corrects what was summed up from them, by the difference: rows, ledger and
 * conversations of a batch in one transaction. `onBatch` hears the sums so far. One run at a time, over all
 * processes: a second one waits for the first. A run outlasts a database that is away for a while.
 */
export async function applyRerate(question: RerateQuestion, onBatch: OnBatch = () => undefined): Promise<RerateSums> {
  const run: Run = { sums: noRerate, cursor: null, isOver: false }
  let cameFurtherMs = performance.now()
  for (;;) {
    await outlastOutage((cameFurther) =>
      asOnlyRun(() =>
        rerateRest(run, question, (sums) => {
          cameFurther()
          cameFurtherMs = performance.now()
          return onBatch(sums)
        }),
      ),
    )
    if (run.isOver) return run.sums
    if (performance.now() - cameFurtherMs > longestWaitMs)
      throw new AppError('conflict', 'Requests are being priced again already. Wait until that run ends.')
    // Who waits holds no connection, and is heard to be alive.
    await onBatch(run.sums)
    await delay(waitMs)
  }
}

/** Does nothing while another run goes on. */
async function asOnlyRun(work: () => Promise<void>): Promise<void> {
  return withClient(hotPool(), async (holder) => {
    if (!(await tryLock(holder))) return
    try {
      await work()
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1::bigint)', [rerateLock]).catch(() => undefined)
    }
  })
}

async function tryLock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS locked', [
    rerateLock,
  ])
  return rows[0]?.locked ?? false
}

async function rerateRest(run: Run, question: RerateQuestion, onBatch: OnBatch): Promise<void> {
  while (!run.isOver) {
    const { rerated, cursor } = await rerateBatch(question, run.cursor)
    Object.assign(run, { sums: addRerated(run.sums, rerated), cursor, isOver: cursor === null })
    await onBatch(run.sums)
  }
}

/** The recorder writes the same tables: a deadlock costs one of the two a repetition. */
async function rerateBatch(question: RerateQuestion, cursor: string | null) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withTransaction(hotPool(), async (client) => {
        const batch = await rateBatch(client, question, { cursor, lock: true })
        await write(client, batch.rerated.filter(hasChanged))
        return batch
      })
    } catch (error) {
      if (attempt === mostAttempts || classifyFault(error) !== 'conflict') throw error
      await delay(20 * 2 ** attempt * Math.random())
    }
  }
}

/** `was` is the row before: the statement that changes it still sees it. */
const changedRows = `
  WITH new AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS new (request_id, cost, confidence)
  ), was AS (
    SELECT r.*, new.cost, new.confidence FROM new JOIN api_requests r USING (request_id)
    WHERE r.request_id BETWEEN $4 AND $5
  )`

async function write(client: PoolClient, changed: readonly Rerated[]): Promise<void> {
  if (changed.length === 0) return
  const ids = changed.map(({ row }) => row.requestId).sort()
  const parameters = [
    changed.map(({ row }) => row.requestId),
    changed.map(({ cost }) => cost.costMicroUsd?.toString() ?? null),
    changed.map(({ cost }) => cost.confidence),
    ids[0],
    ids.at(-1),
  ]
  // In the recorder's order: conversations, requests, ledger.
  await client.query(updateConversations, parameters)
  await client.query(updateLedgerAndRows, parameters)
}

const updateConversations = `${changedRows}
  UPDATE conversations c SET cost_micro_usd = c.cost_micro_usd + difference.cost,
    unpriced_count = c.unpriced_count + difference.unpriced,
    estimated_count = c.estimated_count + difference.estimated
  FROM (SELECT conversation_id, sum(coalesce(cost, 0) - coalesce(cost_micro_usd, 0)) AS cost,
          sum((confidence = 'unpriced')::int - (cost_confidence = 'unpriced')::int) AS unpriced,
          sum((confidence IN ('estimated', 'partial'))::int - (cost_confidence IN ('estimated', 'partial'))::int) AS estimated
        FROM was WHERE conversation_id IS NOT NULL GROUP BY 1) difference
  WHERE c.conversation_id = difference.conversation_id`

const updateLedgerAndRows = `${changedRows}, updated AS (
    UPDATE api_requests r SET cost_micro_usd = new.cost, cost_confidence = new.confidence
    FROM new WHERE r.request_id = new.request_id AND r.request_id BETWEEN $4 AND $5
  )
  INSERT INTO usage_hours AS total (
    hour, domain, account_id, client_key_id, model, kind, requests, errors, input_tokens, output_tokens,
    cache_creation_input_tokens, cache_read_input_tokens, thinking_tokens, cost_micro_usd,
    unpriced_requests, estimated_requests, response_time_ms)
  SELECT date_trunc('hour', created_at, 'UTC'), CASE WHEN domain_id IS NULL THEN '' ELSE domain END,
    coalesce(account_id, ''), coalesce(client_key_id, '00000000-0000-0000-0000-000000000000'), coalesce(model, ''), kind,
    0, 0, 0, 0, 0, 0, 0, sum(coalesce(cost, 0) - coalesce(cost_micro_usd, 0)),
    sum((confidence = 'unpriced')::int - (cost_confidence = 'unpriced')::int),
    sum((confidence IN ('estimated', 'partial'))::int - (cost_confidence IN ('estimated', 'partial'))::int), 0
  FROM was GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (hour, domain, account_id, client_key_id, model, kind) DO UPDATE SET
    cost_micro_usd = total.cost_micro_usd + excluded.cost_micro_usd,
    unpriced_requests = total.unpriced_requests + excluded.unpriced_requests,
    estimated_requests = total.estimated_requests + excluded.estimated_requests`
