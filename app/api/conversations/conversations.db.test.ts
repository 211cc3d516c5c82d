import { afterAll, beforeAll, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GET as getExport } from '@/app/api/conversations/[conversationId]/export/route'
import { GET as getOne } from '@/app/api/conversations/[conversationId]/route'
import { GET as getThread } from '@/app/api/conversations/[conversationId]/thread/route'
import { GET as getList } from '@/app/api/conversations/route'
import { GET as getComparison } from '@/app/api/requests/[requestId]/comparison/route'
import { GET as getRequest } from '@/app/api/requests/[requestId]/route'
import { GET as getRequests } from '@/app/api/requests/route'
import type { Conversation } from '@/lib/conversations/get-conversation'
import { makeLinker } from '@/lib/conversations/link-conversations'
import type { ConversationPage } from '@/lib/conversations/list-conversations'
import { openRecorder } from '@/lib/recorder/recorder'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { aCall, assistant, playCall, startMs, user } from '@/lib/testing/conversation-fixtures'
import { testDomainId } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'

let database: TestDatabase
let dataDir: string
let member: string
let viewer: string

const session = '0b7c3a52-1111-4222-8333-444455556666'
const history = [user('Where is the invoice parser?'), assistant('In lib/invoices.'), user('Add a test to it')]
const at = (minutes: number) => startMs + minutes * 60_000
const calls = {
  one: aCall({ atMs: at(0), sessionId: session, messages: history.slice(0, 1), answer: 'In lib/invoices.' }),
  two: aCall({ atMs: at(1), sessionId: session, messages: history, answer: 'Added.' }),
  branch: aCall({
    atMs: at(2),
    sessionId: session,
    messages: [...history.slice(0, 2), user('Delete it')],
    answer: 'Deleted, zebra.',
  }),
  other: aCall({
    atMs: at(3),
    messages: [user('A haiku about autumn')],
    answer: 'Leaves.',
    serviceTier: 'priority',
  }),
}
const conversationId = calls.one.requestId

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query("INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')", [testDomainId])
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-conversations-'))
  const recorder = await openRecorder({ dataDir, link: makeLinker() })
  for (const call of Object.values(calls)) playCall(recorder, call)
  await recorder.flush()
  await recorder.close()
  member = await signIn('member', ['team-a.example.com'])
  viewer = await signIn('viewer')
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

const list = (query: string, as: string | null = member) =>
  callRoute<ConversationPage>(getList, { as, path: `/api/conversations?${query}` })
const idsOf = ({ body }: { body: ConversationPage }) => body.conversations.map((one) => one.conversationId)

test('conversations are listed newest activity first, with their counters', async () => {
  const { body } = await list('')
  expect(body.conversations).toHaveLength(2)
  expect(body.conversations[1]).toMatchObject({
    conversationId,
    domain: 'team-a.example.com',
    title: 'Where is the invoice parser?',
    requestCount: 3,
    branchCount: 2,
    subtaskCount: 0,
    compactionCount: 0,
    totalTokens: 45,
    latestRequestId: calls.branch.requestId,
    latestContextTokens: 110,
    contextPoints: [110, 110, 110],
  })
})

test('a conversation says that its cost is estimated where that of a request is, and so does its branch', async () => {
  const { body } = await list('')
  expect(body.conversations.map((one) => [one.conversationId, one.costConfidence])).toEqual([
    [calls.other.requestId, 'estimated'],
    [conversationId, 'exact'],
  ])
  const params = { conversationId: calls.other.requestId }
  const other = await callRoute<Conversation>(getOne, { as: member, params })
  expect(other.body.branches.map(({ costConfidence }) => costConfidence)).toEqual(['estimated'])
})

test('every page but the last names the next one, in every order', async () => {
  for (const sort of ['recent', 'cost', 'longest']) {
    const first = await list(`sort=${sort}&limit=1`)
    const second = await list(`sort=${sort}&limit=1&cursor=${first.body.pagination.nextCursor}`)
    expect(new Set([...idsOf(first), ...idsOf(second)]).size, sort).toBe(2)
    expect(second.body.pagination.nextCursor).toBeNull()
  }
})

test('the search finds words of users and of answers, all of them, in any case', async () => {
  expect(idsOf(await list('q=INVOICE%20zebra'))).toEqual([conversationId])
  expect(idsOf(await list('q=invoice%20autumn'))).toEqual([])
  expect(idsOf(await list(`q=${session}`))).toEqual([conversationId])
})

test('the database holds no word of what was said, only numbers', async () => {
  const { rows } = await database.pool.query(
    'SELECT c::text || l::text AS everything FROM conversations c, request_links l',
  )
  for (const { everything } of rows) expect(everything).not.toMatch(/invoice|zebra|autumn/i)
})

test('a viewer sees numbers, but neither titles nor the search in what was said', async () => {
  const { body } = await list('', viewer)
  expect(body.conversations.map(({ title }) => title)).toEqual([null, null])
  expect(idsOf(await list('q=invoice', viewer))).toEqual([])
  const thread = await callRoute(getThread, { as: viewer, params: { conversationId } })
  expect(thread.status).toBe(403)
})

test('requests come with the title of their conversation, to readers of content alone', async () => {
  const titlesFor = async (as: string) => {
    const { body } = await callRoute<{ requests: { conversationTitle: string | null }[] }>(getRequests, { as })
    return body.requests.map(({ conversationTitle }) => conversationTitle)
  }
  const title = 'Where is the invoice parser?'
  expect(await titlesFor(member)).toEqual(['A haiku about autumn', title, title, title])
  expect(await titlesFor(viewer)).toEqual([null, null, null, null])
  const oneFor = (as: string) => callRoute(getRequest, { as, params: { requestId: calls.two.requestId } })
  expect((await oneFor(member)).body).toMatchObject({ conversationTitle: title })
  expect((await oneFor(viewer)).body).toMatchObject({ conversationTitle: null })
})

test('a conversation shows its branches and what was given up', async () => {
  const { body } = await callRoute<Conversation>(getOne, { as: member, params: { conversationId } })
  const { cost_micro_usd: cost } = (
    await database.pool.query('SELECT cost_micro_usd FROM api_requests WHERE request_id = $1', [calls.two.requestId])
  ).rows[0]
  expect(body.branches).toMatchObject([
    { branchId: 'main', kind: 'main', requestCount: 2, abandonedCostUsd: (Number(cost) / 1e6).toFixed(6) },
    { branchId: 'branch_20261122100200', kind: 'branch', parentBranchId: 'main', abandonedCostUsd: '0.000000' },
  ])
  expect(body.requests.map(({ requestId }) => requestId)).toEqual([
    calls.one.requestId,
    calls.two.requestId,
    calls.branch.requestId,
  ])
})

test('the thread of a branch is its newest transcript with the answer', async () => {
  const { body } = await callRoute(getThread, { as: member, params: { conversationId }, path: '/api/x?branchId=main' })
  expect(body).toMatchObject({
    requestId: calls.two.requestId,
    body: { messages: history },
    answer: { content: [{ type: 'text', text: 'Added.' }] },
  })
})

test('a turn beside its parent shows what it added and what its cache did', async () => {
  const { body } = await callRoute(getComparison, { as: member, params: { requestId: calls.two.requestId } })
  expect(body).toMatchObject({
    parentRequestId: calls.one.requestId,
    comparison: {
      sharedCount: 2,
      firstBreak: null,
      changes: [
        { kind: 'added', path: 'messages[1].content[0]', after: 'In lib/invoices.' },
        { kind: 'added', path: 'messages[2].content[0]', after: 'Add a test to it' },
      ],
    },
    cache: { cause: 'hit' },
    lostCostUsd: null,
  })
  const asViewer = await callRoute(getComparison, { as: viewer, params: { requestId: calls.two.requestId } })
  expect(asViewer.status).toBe(403)
})

test('an export is a file to keep, for readers of content alone', async () => {
  const request = (cookie: string) =>
    new Request('http://localhost/api/conversations/x/export?format=html', { headers: { cookie } })
  const params = Promise.resolve({ conversationId })
  const response = await getExport(request(member), { params })
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="conversation-[0-9a-f]{8}\.html"$/)
  expect(await response.text()).toContain('Where is the invoice parser?')
  expect((await getExport(request(viewer), { params })).status).toBe(403)
})

test('nobody reads conversations without a login, and unknown ids are not found', async () => {
  expect((await list('', null)).status).toBe(401)
  for (const id of ['1', '0192a1b2-0000-7000-8000-0000000000ff']) {
    expect((await callRoute(getOne, { as: member, params: { conversationId: id } })).status).toBe(404)
    expect((await callRoute(getThread, { as: member, params: { conversationId: id } })).status).toBe(404)
  }
})

const farOff = `cursor=${'9'.repeat(20)}~0199b0d0-0000-7000-8000-000000000000`
test.each(['limit=0', 'cursor=1~2', farOff, 'q=a', 'sort=domain', 'from=soon', 'includeSideCalls=maybe'])(
  '400 for %s names the field',
  async (query) => {
    const { status, body } = await list(query)
    expect(status).toBe(400)
    expect(body).toMatchObject({ details: { fields: [{ field: query.split('=')[0] }] } })
  },
)
