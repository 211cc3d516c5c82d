import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { error as errorAnswer } from '@/lib/openapi/answers'
import { buildDocument } from '@/lib/openapi/build-document'
import { operations } from '@/lib/openapi/operations'
import { pageOperations } from '@/lib/openapi/page-operations'
import { openRecorder } from '@/lib/recorder/recorder'
import { changeEnv } from '@/lib/testing/change-env'
import { aCall, assistant, playCall, user } from '@/lib/testing/conversation-fixtures'
import { testDomainId } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { httpMethods, routeAccess } from '@/lib/users/access-table'

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>

const dashboardKey = 'contract-dashboard-key'
const nowMs = Date.now()
const first = aCall({ atMs: nowMs - 60_000, messages: [user('What is in the contract?')], answer: 'Every field.' })
const second = aCall({
  atMs: nowMs - 30_000,
  messages: [user('What is in the contract?'), assistant('Every field.'), user('And the types?')],
  answer: 'Those too.',
})
/** Of a model without a price. */
const unpriced = aCall({
  atMs: nowMs - 20_000,
  messages: [user('What does it cost?')],
  answer: 'Nobody knows.',
  body: { model: 'claude-unheard-9' },
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
  for (const call of [first, second, unpriced]) playCall(recorder, call)
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

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly security: readonly Record<string, unknown>[]
  readonly tags: readonly string[]
  readonly parameters: readonly {
    name: string
    in: string
    required: boolean
    schema: { type?: string; description?: string; enum?: readonly string[] }
  }[]
  readonly requestBody?: { content: Record<string, { schema: Record<string, unknown> }> }
}

const document = buildDocument({ version: '1.2.3', publicUrl: 'https://nexus.example.com' }) as {
  openapi: string
  paths: Record<string, Record<string, Described>>
}

/** Their names say what they take. */
const isIdOrWords = new Set(['accountId', 'conversationId', 'q'])

const described = Object.values(document.paths).flatMap((methods) => Object.values(methods))

/** The handlers behind a path, as Next finds them. */
const handlersOf = async (route: string) =>
  (await import(/* @vite-ignore */ `@/app${route}/route`)) as Readonly<Record<string, Handler>>

async function ask(route: string, { query = '', key = dashboardKey } = {}): Promise<Response> {
  const { GET } = await handlersOf(route)
  const headers = { 'x-dashboard-key': key }
  if (!GET) throw new Error(`${route} has no GET`)
  return GET(new Request(`http://localhost${route}${query}`, { headers }), { params: Promise.resolve(ids) })
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
    expect(requests.requests).toHaveLength(3)
    expect(conversations.conversations).toHaveLength(2)
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
    const operationIds = described.map(({ operationId }) => operationId)
    expect(document.openapi).toBe('3.1.0')
    expect(new Set(operationIds).size).toBe(operationIds.length)
  })

  it('names only routes that exist', () => {
    expect(operations.map(({ path: route }) => route).filter((route) => !routeAccess[route]?.GET)).toEqual([])
  })

  it('has every route of the API that is in the build, with each of its methods', async () => {
    const files = await readdir('app/api', { recursive: true })
    const routes = files.filter((file) => file.endsWith('route.ts') && !file.includes('[...'))
    const missing: string[] = []
    for (const file of routes) {
      const route = `/api/${path.dirname(file)}`
      const exported = Object.keys(await handlersOf(route))
      const told = document.paths[route.replace(/\[(\w+)\]/g, '{$1}')] ?? {}
      const methods = exported.filter((name) => (httpMethods as readonly string[]).includes(name))
      missing.push(...methods.filter((method) => !told[method.toLowerCase()]).map((method) => `${method} ${route}`))
    }
    expect(routes.length).toBeGreaterThan(50)
    expect(missing).toEqual([])
  })

  it('describes only what exists in words of its own', () => {
    const existing = Object.entries(routeAccess).flatMap(([route, access]) =>
      Object.keys(access).map((method) => `${method} ${route}`),
    )
    expect(Object.keys(pageOperations).filter((operation) => !existing.includes(operation))).toEqual([])
  })

  it('has no change that fills in what a body leaves out', () => {
    const changes = Object.entries(pageOperations).filter(([operation]) => operation.startsWith('PATCH '))
    expect(changes.length).toBeGreaterThan(5)
    const filledIn = changes.map(([operation, { body }]) => [operation, body?.safeParse({}).data ?? {}])
    expect(filledIn).toEqual(changes.map(([operation]) => [operation, {}]))
  })

  it('offers the dashboard key for reading alone', () => {
    const offersKey = ({ security }: Described) => security.some((scheme) => 'dashboardKey' in scheme)
    expect(document.paths['/api/requests']?.get && offersKey(document.paths['/api/requests'].get)).toBe(true)
    const writing = described.filter(({ operationId }) => !operationId.startsWith('get'))
    expect(writing.filter(offersKey)).toEqual([])
  })

  it('says of every text in the query of a script what it takes', () => {
    const unsaid = Object.entries(document.paths).flatMap(([route, { get }]) =>
      (get?.tags.includes('Scripts') ? get.parameters : [])
        .filter((one) => one.in === 'query' && !isIdOrWords.has(one.name) && one.schema.type === 'string')
        .filter(({ schema }) => !schema.description && !schema.enum)
        .map(({ name }) => `${route} ${name}`),
    )
    expect(unsaid).toEqual([])
  })

  it('names what every address reads out of its query', async () => {
    const unsaid: string[] = []
    for (const [route, access] of Object.entries(routeAccess)) {
      const get = document.paths[route.replace(/\[(\w+)\]/g, '{$1}')]?.get
      if (!access.GET || !get) continue
      const source = await readFile(`app${route}/route.ts`, 'utf8')
      const isRead = /readQuery\(|searchParams/.test(source)
      if (isRead && !get.parameters.some((one) => one.in === 'query')) unsaid.push(route)
    }
    expect(unsaid).toEqual([])
  })

  it('says what a body consists of', () => {
    const schema = document.paths['/api/alerts/rules']?.post?.requestBody?.content['application/json']?.schema
    expect(schema).toMatchObject({ type: 'object', required: ['name', 'metric', 'threshold'] })
  })

  it('tells required parameters from others, and those of the path', () => {
    const current = document.paths['/api/token-usage/current']?.get?.parameters
    expect(current).toContainEqual(expect.objectContaining({ name: 'accountId', in: 'query', required: true }))
    expect(current).toContainEqual(expect.objectContaining({ name: 'window', in: 'query', required: false }))
    const request = document.paths['/api/requests/{requestId}']?.get?.parameters
    expect(request).toEqual([expect.objectContaining({ name: 'requestId', in: 'path', required: true })])
  })
})
