import { hotPool } from '../db'
import { newId } from '../ids'

/** Columns of api_requests that a test cares about; the rest gets a plain value. */
interface RequestColumns {
  request_id: string
  created_at: Date
  [column: string]: unknown
}

/** One completed, priced call of team-a at `at`. */
export function aRequest(at: Date, columns: Record<string, unknown> = {}): RequestColumns {
  return {
    request_id: newId(at.getTime()),
    created_at: at,
    domain_id: '01a2008d-7400-7000-8000-00000000000a',
    domain: 'team-a.example.com',
    method: 'POST',
    path: '/v1/messages',
    kind: 'chat',
    model: 'claude-opus-5-5',
    is_streaming: true,
    status: 200,
    outcome: 'completed',
    cost_confidence: 'exact',
    cost_micro_usd: 1_000,
    input_tokens: 10,
    output_tokens: 5,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 100,
    response_time_ms: 900,
    first_byte_ms: 300,
    ...columns,
  }
}

/** Writes rows as the recorder would have, without its batches; into a partition that takes every time. */
export async function insertRequests(requests: readonly RequestColumns[]): Promise<void> {
  await hotPool().query('CREATE TABLE IF NOT EXISTS api_requests_any PARTITION OF api_requests DEFAULT')
  for (const request of requests) {
    const names = Object.keys(request)
    const places = names.map((_name, index) => `$${index + 1}`)
    await hotPool().query(
      `INSERT INTO api_requests (${names.join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(request),
    )
  }
}

/** Rolls everything inserted so far up into usage_hours. */
export async function rollUpInserted(): Promise<void> {
  await hotPool().query(`
    INSERT INTO usage_hours
    SELECT date_trunc('hour', created_at), CASE WHEN domain_id IS NULL THEN '' ELSE domain END, coalesce(account_id, ''),
      coalesce(client_key_id, '00000000-0000-0000-0000-000000000000'), coalesce(model, ''), kind, count(*),
      count(*) FILTER (WHERE status >= 400 OR outcome NOT IN ('completed', 'client_aborted')),
      coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cache_creation_input_tokens), 0),
      coalesce(sum(cache_read_input_tokens), 0), coalesce(sum(thinking_tokens), 0), coalesce(sum(cost_micro_usd), 0),
      count(*) FILTER (WHERE cost_confidence = 'unpriced'),
      count(*) FILTER (WHERE cost_confidence IN ('estimated', 'partial')), coalesce(sum(response_time_ms), 0)
    FROM api_requests GROUP BY 1, 2, 3, 4, 5, 6`)
}
