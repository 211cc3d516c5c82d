import { Client } from 'pg'
import type { FakeExchange } from '@/lib/testing/fake-claude'
import { waitUntil } from '@/lib/testing/wait-until'

/** A row of the record, in the words of the schema. */
export interface RecordedRow {
  readonly request_id: string
  readonly domain: string
  readonly account_id: string | null
  readonly method: string
  readonly path: string
  readonly kind: string
  readonly model: string | null
  readonly is_streaming: boolean
  readonly status: number | null
  readonly outcome: string
  readonly error_type: string | null
  readonly first_byte_ms: number | null
  readonly response_time_ms: number | null
  readonly input_tokens: string | null
  readonly output_tokens: string | null
  readonly cache_creation_input_tokens: string | null
  readonly cache_read_input_tokens: string | null
  readonly cost_micro_usd: string | null
  readonly cost_confidence: string
  readonly stop_reason: string | null
  readonly tool_call_count: number
  readonly upstream_request_id: string | null
  readonly message_id: string | null
  readonly session_id: string | null
  readonly agent_id: string | null
  readonly conversation_id: string | null
  readonly branch_id: string | null
  readonly is_subtask: boolean
  readonly parent_request_id: string | null
  readonly attempt_of: string | null
  readonly parent_task_request_id: string | null
  /** SHA-256 of the stored bodies, hex; null = not stored. */
  readonly request_sha: string | null
  readonly response_sha: string | null
}

/** Where the app under test keeps its record. */
interface Recorded {
  readonly databaseUrl: string
}

export async function queryRows({ databaseUrl }: Recorded, where: string, value: unknown): Promise<RecordedRow[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<RecordedRow>(
      `SELECT r.*, encode(b.request_sha256, 'hex') AS request_sha, encode(b.response_sha256, 'hex') AS response_sha
       FROM api_requests r LEFT JOIN request_bodies b USING (request_id) WHERE ${where} ORDER BY request_id`,
      [value],
    )
    return rows
  } finally {
    await client.end()
  }
}

/** Waits until there is a row that fits, and returns it. */
export function waitForRow(recorded: Recorded, where: string, value: unknown): Promise<RecordedRow> {
  const find = async () => (await queryRows(recorded, where, value))[0]
  return waitUntil(find, { timeoutMs: 30_000, what: `a row with ${where} of ${String(value)}` })
}

/** What the fake charged, as a row says it. */
export function tokensOf({ response }: FakeExchange): Partial<RecordedRow> {
  const text = (value: number | undefined) => String(value)
  return {
    input_tokens: text(response.usage?.input_tokens),
    output_tokens: text(response.usage?.output_tokens),
    cache_creation_input_tokens: text(response.usage?.cache_creation_input_tokens),
    cache_read_input_tokens: text(response.usage?.cache_read_input_tokens),
  }
}
