import type { Client } from 'pg'
import type { FakeExchange } from '@/lib/testing/fake-claude'

/** What the upstream charged for a call, or what its row says was charged. */
export interface Charge {
  /** The upstream's own id of the call. */
  readonly id: string
  readonly input: number
  readonly output: number
  readonly cacheCreation: number
  readonly cacheRead: number
}

/** null for what was not answered to the end with a message. */
export function chargeOf({ requestId: id, response }: FakeExchange): Charge | null {
  const { usage, finished } = response
  if (!usage || !finished) return null
  const { input_tokens: input, output_tokens: output } = usage
  const { cache_creation_input_tokens: cacheCreation, cache_read_input_tokens: cacheRead } = usage
  return { id, input, output, cacheCreation, cacheRead }
}

/** What the rows of completed messages say. */
export async function loadCharges(client: Client): Promise<readonly Charge[]> {
  const { rows } = await client.query<Charge>(
    `SELECT upstream_request_id AS id, input_tokens::int AS input, output_tokens::int AS output,
       cache_creation_input_tokens::int AS "cacheCreation", cache_read_input_tokens::int AS "cacheRead"
     FROM api_requests WHERE outcome = 'completed' AND status = 200 AND output_tokens IS NOT NULL`,
  )
  return rows
}
