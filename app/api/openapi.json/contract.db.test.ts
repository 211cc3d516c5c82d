import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aCall, assistant, playCall, user } from '@/lib/conversations/conversation-fixtures'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { error as errorAnswer } from '@/lib/openapi/answers'
import { buildDocument } from '@/lib/openapi/build-document'
import { operations } from '@/lib/openapi/operations'
import { openRecorder } from '@/lib/recorder/recorder'
import { testDomainId } from '@/lib/recorder/recorder-fixtures'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { routeAccess } from '@/lib/users/access-table'

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>

const dashboardKey = 'contract-dashboard-key'
const nowMs = Date.now()
const first = aCall({ atMs: nowMs - 60_000, messages: [user('What is in the contract?')], answer: 'Every field.' })
const second = aCall({
  atMs: nowMs - 30_000,
  messages: [user('What is in the contract?'), assistant('Every field.'), user('And the types?')],
  answer: 'Those too.',
})
const ids: Record<string, string> = { requestId: first.requestId, conversationId: first.requestId }

let database: TestDatabase
let dataDir: string
let accountId: string
let restoreEnv: () => void

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-contract-'))
  // Nothing listens there: the doctor shall say so, and soon.
  const nowhere = 'http://127.0.0.1:9'
  restoreEnv = changeEnv({ DASHBOARD_API_KEY: dashboardKey, CLAUDE_API_BASE_URL: nowhere, publicUrl: nowhere })
  await database.pool.query("INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')", [testDomainId])
  const recorder = await openRecorder({ dataDir, link: makeLinker() })
  for (const call of [first, second]) playCall(recorder, call)
  await recorder.flush()
  await recorder.close()
  const { rows } = await database.pool.query<{ id: string }>('SELECT account_id AS id FROM api_requests LIMIT 1')
  accountId = rows[0]?.id ?? ''
  await database.pool.query(
    `INSERT INTO accounts (id, account_id, name, kind, sealed_secret, last4) VALUES ($1, $2, 'A', 'api_key', '\\x00', 'aaaa')`,
    [testDomainId, accountId],
  )
})
afterAll(async () => {
  restoreEnv()
  await database.drop()
  await rm(dataDir, { recursive: true })
})

const document = buildDocument({ version: '1.2.3', publicUrl: 'https://nexus.example.com' }) as {
  openapi: string
  paths: Record<string, { get: { operationId: string; parameters: { name: string; in: string; required: boolean }[] } }>
}

/** The handler behind a path, as Next finds it. */
async function handlerOf(route: string): Promise<Handler> {
  const { GET } = (await import(`@/app${route}/route`)) as { GET: Handler }
  return GET
}

async function ask(route: string, { query = '', key = dashboardKey } = {}): Promise<Response> {
  const handler = await handlerOf(route)
  const headers = { 'x-dashboard-key': key }
  return handler(new Request(`http://localhost${route}${query}`, { headers }), { params: Promise.resolve(ids) })
}

describe('the answers of the API', () => {
  it.each(operations)('$path answers what the document promises', async ({ path: route, query, answer }) => {
    const asked = query && 'accountId' in query.shape && !route.endsWith('requests') ? `?accountId=${accountId}` : ''
    const response = await ask(route, { query: asked })
    // The health of a process that never booted is an answer too.
    expect(response.status, await response.clone().text()).toBeOneOf(route.startsWith('/health') ? [200, 503] : [200])
    const result = answer.safeParse(await response.json())
    expect(result.error?.issues ?? []).toEqual([])
  })

  it('are lists with something in them, or the promise would be empty', async () => {
    const [requests, conversations] = (await Promise.all(
      ['/api/requests', '/api/conversations'].map(async (route) => (await ask(route)).json()),
    )) as [{ requests: unknown[] }, { conversations: unknown[] }]
    expect(requests.requests).toHaveLength(2)
    expect(conversations.conversations).toHaveLength(1)
  })

  it.each(operations.filter(({ path: route }) => routeAccess[route]?.GET !== 'public'))(
    '$path refuses a wrong key in the promised words',
    async ({ path: route }) => {
      const response = await ask(route, { key: 'a-wrong-dashboard-key' })
      expect(response.status).toBe(403)
      expect(errorAnswer.safeParse(await response.json()).success).toBe(true)
    },
  )
})

describe('the document', () => {
  it('is OpenAPI 3.1 with a unique id for each operation', () => {
    const operationIds = Object.values(document.paths).map(({ get }) => get.operationId)
    expect(document.openapi).toBe('3.1.0')
    expect(new Set(operationIds).size).toBe(operations.length)
  })

  it('names only routes that exist', () => {
    expect(operations.map(({ path: route }) => route).filter((route) => !routeAccess[route]?.GET)).toEqual([])
  })

  it('tells required parameters from others, and those of the path', () => {
    const current = document.paths['/api/token-usage/current']?.get.parameters
    expect(current).toContainEqual(expect.objectContaining({ name: 'accountId', in: 'query', required: true }))
    expect(current).toContainEqual(expect.objectContaining({ name: 'window', in: 'query', required: false }))
    const request = document.paths['/api/requests/{requestId}']?.get.parameters
    expect(request).toEqual([expect.objectContaining({ name: 'requestId', in: 'path', required: true })])
  })
})
