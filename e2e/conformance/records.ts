import { Client } from 'pg'
import { expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import type { FakeExchange } from '@/lib/testing/fake-claude'
import { sha256 } from './client'
import type { Stage, StageCall } from './stage'

/** A row of the record, in the words of the schema. */
export interface RecordedRow {
  readonly request_id: string
  readonly domain: string
  readonly account_id: string | null
  readonly method: string
  readonly path: string
  readonly model: string | null
  readonly status: number | null
  readonly outcome: string
  readonly error_type: string | null
  readonly input_tokens: string | null
  readonly output_tokens: string | null
  readonly cache_creation_input_tokens: string | null
  readonly cache_read_input_tokens: string | null
  readonly cost_confidence: string
  readonly stop_reason: string | null
  readonly upstream_request_id: string | null
  readonly request_sha: string | null
  readonly response_sha: string | null
}

const rowsSql = `SELECT r.*, encode(b.request_sha256, 'hex') AS request_sha, encode(b.response_sha256, 'hex') AS response_sha
  FROM api_requests r LEFT JOIN request_bodies b USING (request_id)`

async function query(stage: Stage, where: string, value: unknown): Promise<RecordedRow[]> {
  const client = new Client({ connectionString: stage.databaseUrl })
  await client.connect()
  try {
    return (await client.query<RecordedRow>(`${rowsSql} WHERE ${where}`, [value])).rows
  } finally {
    await client.end()
  }
}

/** Waits for the row of a reply. */
export async function recordOf(stage: Stage, reply: { header(name: string): string | null }): Promise<RecordedRow> {
  const id = reply.header('x-nexus-request-id')
  return waitUntil(async () => (await query(stage, 'request_id = $1', id))[0], {
    timeoutMs: 15_000,
    what: `the row of ${id}`,
  })
}

/** Waits for the row of a call that never got an answer; its body is its name. */
export async function recordOfBody(stage: Stage, body: Buffer): Promise<RecordedRow> {
  const find = async () => (await query(stage, 'b.request_sha256 = $1', Buffer.from(sha256(body), 'hex')))[0]
  return waitUntil(find, { timeoutMs: 15_000, what: 'the row of an unanswered call' })
}

/** The promise at the end of every theme: each call of this file is a row, and the row tells the truth. */
export function itRecordsEveryCall(stage: Stage): void {
  it('has recorded every call of this theme, with its very bytes and tokens', async () => {
    const accepted = acceptedCalls(stage)
    const ids = accepted.map(({ id }) => id)
    const rows = new Map<string, RecordedRow>()
    await waitUntil(
      async () => {
        for (const row of await query(stage, 'request_id = ANY($1)', ids)) rows.set(row.request_id, row)
        return rows.size === ids.length
      },
      { timeoutMs: 20_000, what: `${ids.length} rows, of which ${rows.size} came` },
    )
    for (const call of accepted) expect(rows.get(call.id), call.id).toMatchObject(expectedRow(call))
  })
}

interface AnsweredCall extends StageCall {
  readonly id: string
}

/** Calls that were accepted: strangers are recorded up to a budget only. */
function acceptedCalls(stage: Stage): AnsweredCall[] {
  return stage.calls.flatMap((call) => {
    const id = call.reply.header('x-nexus-request-id')
    const isStranger = !call.exchange && [401, 404].includes(call.reply.status)
    return id && !isStranger ? [{ ...call, id }] : []
  })
}

function expectedRow({ ask, reply, exchange }: AnsweredCall): Partial<RecordedRow> {
  const known = { status: reply.status, method: ask.method }
  if (!exchange) return known
  const forwarded = {
    ...known,
    upstream_request_id: exchange.requestId,
    request_sha: sha256(ask.body ?? Buffer.alloc(0)),
  }
  if (!reply.isComplete) return forwarded
  const answered = { ...forwarded, response_sha: reply.sha256 }
  if (reply.status >= 400) return { ...answered, outcome: 'upstream_error' }
  return exchange.response.usage ? { ...answered, outcome: 'completed', ...expectedTokens(exchange) } : answered
}

export function expectedTokens({ response }: FakeExchange): Partial<RecordedRow> {
  const text = (value: number | undefined) => String(value)
  return {
    input_tokens: text(response.usage?.input_tokens),
    output_tokens: text(response.usage?.output_tokens),
    cache_creation_input_tokens: text(response.usage?.cache_creation_input_tokens),
    cache_read_input_tokens: text(response.usage?.cache_read_input_tokens),
  }
}
