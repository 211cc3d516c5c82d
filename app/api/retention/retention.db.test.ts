import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { ensurePartitions } from '@/lib/recorder/partitions'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { makeConversation, makeDomain } from '@/lib/testing/retention-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { withClient } from '@/lib/with-client'
import { PUT as starConversation } from '../conversations/[conversationId]/star/route'
import { PUT as starRequest } from '../requests/[requestId]/star/route'
import { POST as erase } from '../storage/erasures/route'
import { GET as readStorage } from '../storage/route'
import { PATCH } from './[domainId]/route'
import { GET as preview } from './preview/route'
import { GET } from './route'
import { POST as startSweep } from './sweeps/route'

let database: TestDatabase
let owner: string
let admin: string
let member: string
let viewer: string

beforeAll(async () => {
  database = await createTestDatabase()
  ;[owner, admin, member, viewer] = await Promise.all([
    signIn('owner'),
    signIn('admin'),
    signIn('member'),
    signIn('viewer'),
  ])
})
afterAll(() => database.drop())

interface Retention {
  policies: { domainId: string; bodyDays: number | null; rowDays: number | null }[]
  sweeps: { startedBy: string | null; finishedAt: string | null; error: string | null }[]
}

describe('retention', () => {
  test('an admin changes how long a domain is kept, and the audit log says from what to what', async () => {
    const domainId = await makeDomain('days.example.com')
    const params = { domainId }
    const changed = await callRoute(PATCH, { as: owner, method: 'PATCH', params, body: { bodyDays: 30, rowDays: 0 } })
    expect(changed).toMatchObject({ status: 200, body: { domain: 'days.example.com', bodyDays: 30, rowDays: 0 } })
    const { body } = await callRoute<Retention>(GET, { as: viewer })
    expect(body.policies).toContainEqual({ domainId, domain: 'days.example.com', bodyDays: 30, rowDays: 0 })
    const { rows } = await database.pool.query('SELECT action, detail FROM audit_events WHERE target_id = $1', [
      domainId,
    ])
    expect(rows).toEqual([
      {
        action: 'retention.update',
        detail: JSON.stringify({ before: { bodyDays: null, rowDays: null }, after: { bodyDays: 30, rowDays: 0 } }),
      },
    ])
  })

  test.each([{ bodyDays: -1 }, { bodyDays: 1.5 }, { rowDays: 'x' }, { days: 3 }])('%j is refused', async (body) => {
    const params = { domainId: await makeDomain(`${newId()}.example.com`) }
    expect((await callRoute(PATCH, { as: owner, method: 'PATCH', params, body })).status).toBe(400)
  })

  test('a sweep begins on demand, and its end stands in the list', async () => {
    expect((await callRoute(startSweep, { as: owner, method: 'POST' })).status).toBe(202)
    const { sweeps } = await waitUntil(
      async () => {
        const { body } = await callRoute<Retention>(GET, { as: viewer })
        return body.sweeps[0]?.finishedAt ? body : null
      },
      { timeoutMs: 20_000, what: 'the end of the sweep' },
    )
    expect(sweeps[0]).toMatchObject({ startedBy: 'A owner', error: null })
  })

  test('everybody sees what tonight’s sweep will free', async () => {
    const { status, body } = await callRoute(preview, { as: viewer })
    expect(status).toBe(200)
    expect(body).toMatchObject({ rows: 0, bodies: 0, blocks: 0, freedBytes: 0 })
  })
})

describe('stars', () => {
  test('an admin stars a request and a conversation, and takes the stars back', async () => {
    const request = aRequest(new Date())
    await insertRequests([request])
    const conversationId = await makeConversation(await makeDomain('stars.example.com'), Date.now())
    const starred = async () => {
      const { rows } = await database.pool.query(
        `SELECT (SELECT starred_at IS NOT NULL FROM api_requests WHERE request_id = $1) AS request,
           (SELECT starred_at IS NOT NULL FROM conversations WHERE conversation_id = $2) AS conversation`,
        [request.request_id, conversationId],
      )
      return rows[0]
    }
    for (const isStarred of [true, false]) {
      const call = { as: admin, method: 'PUT', body: { isStarred } }
      await callRoute(starRequest, { ...call, params: { requestId: request.request_id } })
      await callRoute(starConversation, { ...call, params: { conversationId } })
      expect(await starred()).toEqual({ request: isStarred, conversation: isStarred })
    }
  })

  test('what does not exist cannot be starred', async () => {
    const call = { as: admin, method: 'PUT', body: { isStarred: true }, params: { requestId: newId() } }
    expect((await callRoute(starRequest, call)).status).toBe(404)
  })

  test('a member stars nothing of a domain they do not see', async () => {
    const request = aRequest(new Date(), { domain: 'unseen.example.com' })
    await insertRequests([request])
    const call = { as: member, method: 'PUT', body: { isStarred: true }, params: { requestId: request.request_id } }
    expect((await callRoute(starRequest, call)).status).toBe(404)
  })
})

test('a member neither changes the retention, nor sweeps, nor deletes content', async () => {
  const domainId = await makeDomain('member.example.com')
  const as = { as: member, params: { domainId } }
  expect((await callRoute(PATCH, { ...as, method: 'PATCH', body: { bodyDays: 1 } })).status).toBe(403)
  expect((await callRoute(startSweep, { ...as, method: 'POST' })).status).toBe(403)
  expect((await callRoute(erase, { ...as, method: 'POST', body: { domainId } })).status).toBe(403)
  expect((await callRoute(starRequest, { as: viewer, method: 'PUT', body: { isStarred: true } })).status).toBe(403)
})

test('an admin deletes the content of a domain', async () => {
  const domainId = await makeDomain('erased.example.com')
  const erased = await callRoute(erase, { as: owner, method: 'POST', body: { domainId } })
  expect(erased).toMatchObject({ status: 200, body: { bodies: 0 } })
  expect((await callRoute(erase, { as: owner, method: 'POST', body: {} })).status).toBe(400)
})

test('everybody reads the storage report, before the first measurement too', async () => {
  const { status, body } = await callRoute(readStorage, { as: viewer })
  expect(status).toBe(200)
  expect(body).toMatchObject({ measuredOn: null, domains: [], weeks: [], journal: null })
})

test('a week whose tables are made ahead is not in the report before it begins', async () => {
  const nextWeek = new Date(Date.now() + 7 * 86_400_000)
  await withClient(hotPool(), (client) => ensurePartitions(client, nextWeek, nextWeek))
  const { body } = await callRoute<{ weeks: unknown[] }>(readStorage, { as: viewer })
  expect(body.weeks).toEqual([])
})
