import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { openRecorder } from '@/lib/recorder/recorder'
import { aBegin, playExchange, streamOf } from './recorder-fixtures'

/** Building blocks for the tests of this room. */

export const dayMs = 86_400_000

export async function makeDomain(
  name: string,
  { bodyDays = null, rowDays = null }: { bodyDays?: number | null; rowDays?: number | null } = {},
): Promise<string> {
  const id = newId()
  await hotPool().query('INSERT INTO domains (id, name, body_days, row_days) VALUES ($1, $2, $3, $4)', [
    id,
    name,
    bodyDays,
    rowDays,
  ])
  return id
}

interface Call {
  readonly domainId: string
  readonly atMs: number
  readonly content: string
  readonly conversationId?: string
}

/** Records a call as a proxy would have at that time, and answers its id. */
export async function recordCall(dataDir: string, { domainId, atMs, content, conversationId }: Call): Promise<string> {
  const recorder = await openRecorder({ dataDir, clock: { now: () => atMs, monotonic: () => atMs } })
  const caller = { ...aBegin().caller!, domainId, domain: 'team-a.example.com' }
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] }))
  const begin = aBegin({ requestId: newId(atMs), receivedAtMs: atMs, caller, body })
  playExchange(recorder, begin, { response: streamOf('Hello') })
  await recorder.flush()
  await recorder.close()
  if (conversationId) {
    await hotPool().query('UPDATE api_requests SET conversation_id = $2 WHERE request_id = $1', [
      begin.requestId,
      conversationId,
    ])
  }
  return begin.requestId
}

export async function makeConversation(domainId: string, atMs: number): Promise<string> {
  const id = newId(atMs)
  await hotPool().query(
    `INSERT INTO conversations (conversation_id, domain_id, domain, first_request_at, last_request_at)
     VALUES ($1, $2, 'team-a.example.com', $3, $3)`,
    [id, domainId, new Date(atMs)],
  )
  return id
}
