import type { Pool, PoolClient } from 'pg'
import { classifyFault } from '@/lib/database-fault'
import { log } from '@/lib/log'
import type { BodyStore, PreparedBodies } from './body-store'
import { loadErasures, type Erasures } from './erasures'
import type { ConversationLink, LinkCandidate, LinkConversations } from './link-port'
import { openBatch, type BatchOpening } from './open-batch'
import { withClient } from '@/lib/with-client'
import { requestColumns, type LinkedRow, type RequestRow } from './request-row'

/** An exchange ready to be written. */
export interface PreparedExchange {
  readonly row: RequestRow
  /** null where the facts could not be read: such a request is not linked. */
  readonly candidate: LinkCandidate | null
  readonly bodies: PreparedBodies | null
  /** Bodies that the domain wants kept are not: no room, or they could not be stored. */
  readonly hasLostBodies: boolean
}

interface BatchSettings {
  readonly pool: () => Pool
  readonly store: BodyStore
  readonly link: LinkConversations
  readonly now: () => number
}

export interface BatchOptions {
  /** Some of it may be recorded already: a commit whose answer was lost, or what was found in a journal. */
  readonly isRepeat: boolean
}

/** Another transaction recorded one of the batch meanwhile: it has to be done again, with `isRepeat`. */
export class RepeatedRequestError extends Error {
  constructor() {
    super('a request of the batch was recorded by another transaction')
    this.name = 'RepeatedRequestError'
  }
}

/** Records a batch in one transaction and answers the rows that are new. Idempotent by request id. */
export async function recordBatch(
  settings: BatchSettings,
  batch: readonly PreparedExchange[],
  { isRepeat }: BatchOptions,
): Promise<LinkedRow[]> {
  return withClient(settings.pool(), async (client) => {
    const opening = await openBatch(client)
    const nowMs = settings.now()
    const fresh = isRepeat ? await withoutRecorded(client, batch) : batch
    const erasures = await loadErasures(client, rowsOf(fresh), { opening, nowMs })
    const written = await writeBatch(settings, client, { batch: fresh, opening, erasures })
    await client.query('COMMIT')
    settings.store.committed(written.bodies)
    return written.rows
  })
}

async function withoutRecorded(client: PoolClient, batch: readonly PreparedExchange[]): Promise<PreparedExchange[]> {
  const ids = batch.map(({ row }) => row.requestId)
  const { rows } = await client.query<{ id: string }>(
    'SELECT request_id AS id FROM api_requests WHERE request_id = ANY($1::uuid[])',
    [ids],
  )
  const seen = new Set(rows.map(({ id }) => id))
  // What comes again in the batch itself is as good as recorded.
  return batch.filter(({ row }) => !seen.has(row.requestId) && seen.add(row.requestId))
}

interface BatchToWrite {
  readonly batch: readonly PreparedExchange[]
  readonly opening: BatchOpening
  readonly erasures: Erasures
}

interface Written {
  readonly rows: LinkedRow[]
  readonly bodies: readonly PreparedBodies[]
}

async function writeBatch(
  settings: BatchSettings,
  client: PoolClient,
  { batch, opening, erasures }: BatchToWrite,
): Promise<Written> {
  if (batch.length === 0) return { rows: [], bodies: [] }
  const links = await linkBatch(settings, client, { batch, erasures })
  const isErased = ({ row, candidate }: PreparedExchange) =>
    candidate && !links
      ? erasures.mayCover(row)
      : erasures.cover(row, links?.get(row.requestId)?.conversationId ?? null)
  const bodies = batch.flatMap((one) => (one.bodies && !isErased(one) ? one.bodies : []))
  await settings.store.write(client, bodies, opening)
  const rows = rowsOf(batch).map((row) => ({ ...row, ...links?.get(row.requestId) }))
  const { rowCount } = await client.query(
    insertSql,
    requestColumns.map(([, , value]) => rows.map((row) => value(row) ?? null)),
  )
  if (rowCount !== rows.length) throw new RepeatedRequestError()
  return { rows, bodies }
}

/** A fault of the linking must not cost the record: such requests stay unlinked (null), to be linked again later. */
async function linkBatch(
  { link }: BatchSettings,
  client: PoolClient,
  { batch, erasures }: Omit<BatchToWrite, 'opening'>,
): Promise<ReadonlyMap<string, ConversationLink> | null> {
  try {
    const candidates = batch.flatMap(({ candidate }) => candidate ?? [])
    return await link(client, candidates, erasures)
  } catch (error) {
    const fault = classifyFault(error)
    if (fault === 'outage' || fault === 'conflict') throw error
    log().error(
      { error, requests: batch.length },
      'requests could not be linked to conversations; they are recorded without',
    )
    await client.query('ROLLBACK TO SAVEPOINT unlinked')
    return null
  }
}

const rowsOf = (batch: readonly PreparedExchange[]): RequestRow[] => batch.map(({ row }) => row)

const columnNames = requestColumns.map(([column]) => column).join(', ')
const parameters = requestColumns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')

/** Rows and roll-ups in one statement: what is counted is what was inserted. Keys in order, against deadlocks. */
const insertSql = `
WITH recorded AS (
  INSERT INTO api_requests (${columnNames})
  SELECT * FROM unnest(${parameters})
  ON CONFLICT (request_id) DO NOTHING
  RETURNING *
), rolled_up AS (
  INSERT INTO usage_hours AS total (
    hour, domain, account_id, client_key_id, model, kind, requests, errors, input_tokens, output_tokens,
    cache_creation_input_tokens, cache_read_input_tokens, thinking_tokens, cost_micro_usd,
    unpriced_requests, estimated_requests, response_time_ms)
  SELECT date_trunc('hour', created_at, 'UTC'),
    CASE WHEN domain_id IS NULL THEN '' ELSE domain END,
    coalesce(account_id, ''), coalesce(client_key_id, '00000000-0000-0000-0000-000000000000'), coalesce(model, ''), kind,
    count(*), count(*) FILTER (WHERE outcome NOT IN ('completed', 'client_aborted') OR status >= 400),
    coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cache_creation_input_tokens), 0),
    coalesce(sum(cache_read_input_tokens), 0), coalesce(sum(thinking_tokens), 0), coalesce(sum(cost_micro_usd), 0),
    count(*) FILTER (WHERE cost_confidence = 'unpriced'), count(*) FILTER (WHERE cost_confidence IN ('estimated', 'partial')),
    coalesce(sum(response_time_ms), 0)
  FROM recorded GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (hour, domain, account_id, client_key_id, model, kind) DO UPDATE SET
    requests = total.requests + excluded.requests,
    errors = total.errors + excluded.errors,
    input_tokens = total.input_tokens + excluded.input_tokens,
    output_tokens = total.output_tokens + excluded.output_tokens,
    cache_creation_input_tokens = total.cache_creation_input_tokens + excluded.cache_creation_input_tokens,
    cache_read_input_tokens = total.cache_read_input_tokens + excluded.cache_read_input_tokens,
    thinking_tokens = total.thinking_tokens + excluded.thinking_tokens,
    cost_micro_usd = total.cost_micro_usd + excluded.cost_micro_usd,
    unpriced_requests = total.unpriced_requests + excluded.unpriced_requests,
    estimated_requests = total.estimated_requests + excluded.estimated_requests,
    response_time_ms = total.response_time_ms + excluded.response_time_ms
)
SELECT request_id FROM recorded`
