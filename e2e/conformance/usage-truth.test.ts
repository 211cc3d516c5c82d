import { Client } from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { logIn } from '../security/stage'
import { sha256 } from './client'
import { sumConversations, sumsOfListed, type ListedConversation } from './conversation-sums'
import { dashboardKey } from './global-setup'
import { queryRows, type RecordedRow } from './recorded-rows'
import { doors, useStage, type Stage } from './stage'
import { bearer } from './usual-call'
import { mixCalls, type MixedCall } from './usage-mix'
import { chargedFor, sumCharged, type Charged, type ChargedSums } from './usage-truth'
import { counted } from './world'

/** Both doors together. */
const callsADoor = 500
const atOnce = 12

describe.each(doors)('usage of many calls of every kind through the %s door', (door) => {
  const stage = useStage(door)
  const calls = mixCalls(callsADoor)
  let rows: readonly RecordedRow[] = []
  /** What the fake charged, by the SHA-256 of the request. */
  let charged: ReadonlyMap<string, Charged>
  let truth: ChargedSums

  beforeAll(async () => {
    stage.fake.reset()
    await inParallel(calls, (call) => play(stage, call))
    charged = new Map(stage.fake.requests.map((exchange) => [exchange.sha256, chargedFor(exchange)]))
    truth = sumCharged([...charged.values()])
    rows = await waitUntil(async () => everyRow(await queryRows(stage, 'r.domain = $1', counted.domain)), {
      timeoutMs: 60_000,
      what: 'a row for each call',
    })
  })

  const everyRow = (found: RecordedRow[]) => (found.length >= calls.length ? found : null)

  it('forwards each of them, of every kind', () => {
    expect(charged.size).toBe(calls.length)
    expect(calls.filter(({ body }) => !charged.has(sha256(body)))).toEqual([])
    const confidences = new Set([...charged.values()].map(({ confidence }) => confidence))
    expect(confidences).toEqual(new Set(['exact', 'partial', 'unpriced']))
  })

  it('records the tokens and the micro-dollars of each as the upstream charged them', () => {
    const recorded = new Map(rows.map((row) => [row.request_sha, chargedByRow(row)]))
    const told = (of: ReadonlyMap<string | null, Charged>) =>
      calls.map(({ name, body }) => ({ name, charged: of.get(sha256(body)) }))
    expect(told(recorded)).toEqual(told(charged))
    expect(rows).toHaveLength(calls.length)
  })

  it('adds them up in the ledger', async () => {
    expect(await queryLedger(stage)).toEqual(truth)
  })

  it('tells the same sums by the usage API, by model and as a whole', async () => {
    const { buckets } = await ask<{ buckets: ApiSums[] }>(stage, '/api/usage', {
      bucket: 'total',
      domain: counted.domain,
    })
    expect(buckets.map(sumsOfApi)).toEqual([truth])
    const byModel = await ask<{ buckets: ApiSums[] }>(stage, '/api/usage', {
      ...{ bucket: 'hour', groupBy: 'model', domain: counted.domain },
    })
    expect(addUp(byModel.buckets.map(sumsOfApi))).toEqual(truth)
  })

  it('tells the same sums by every figure of the token usage API', async () => {
    const { accountId, domain } = counted
    const current = await ask<TokenUsage>(stage, '/api/token-usage/current', { accountId, window: '120' })
    const daily = await ask<{ usage: TokenUsage[] }>(stage, '/api/token-usage/daily', { accountId, days: '2' })
    const stats = await ask<Record<string, TokenStats>>(stage, '/token-stats', { domain })
    const shown = tokensOf(truth)
    expect(tokensOfApi(current)).toEqual(shown)
    expect(daily.usage.map(tokensOfApi).reduce(addTokens)).toEqual(shown)
    expect(stats[domain]).toMatchObject({
      total_requests: truth.requests,
      total_input_tokens: truth.inputTokens,
      total_output_tokens: truth.outputTokens,
      total_cache_creation_tokens: truth.cacheCreationInputTokens,
      total_cache_read_tokens: truth.cacheReadInputTokens,
    })
  })

  it('tells of each conversation what its requests add up to, and how sure that is', async () => {
    const listed: ListedConversation[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = { domain: counted.domain, includeSideCalls: 'true', limit: '200', cursor }
      const page: ConversationPage = await ask(stage, '/api/conversations', query)
      listed.push(...page.conversations)
      cursor = page.pagination.nextCursor
    }
    const sums = sumConversations(rows)
    expect(sumsOfListed(listed)).toEqual(sums)
    const confidences = [...sums.values()].map(({ confidence }) => confidence)
    expect(new Set(confidences)).toEqual(new Set(['exact', 'estimated', 'unpriced']))
  })

  it('shows the same sums on the usage page', async () => {
    const page = await usagePage(stage)
    expect(shownFigure(page, 'Requests')).toBe(inWords(truth.requests))
    expect(shownFigure(page, 'All tokens')).toBe(
      inWords(truth.inputTokens + truth.outputTokens + truth.cacheCreationInputTokens + truth.cacheReadInputTokens),
    )
    expect(shownFigure(page, 'Cost')).toBe(`$${(truth.costMicroUsd / 1e6).toFixed(6)}`)
  })
})

async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function play(stage: Stage, { ask: asked, body, leaves }: MixedCall): Promise<void> {
  const pending = stage.start({ ...asked, body, credential: bearer(counted.clientKey) })
  if (leaves === 'never') {
    // A connection that was reset before the headers shows as an error of the proxy's own.
    await pending.read()
    return
  }
  const exchange = await stage.fake.waitFor(({ sha256: received }) => received === sha256(body), 30_000)
  if (leaves === 'after text') {
    const { incoming } = await pending.head
    await waitUntil(() => exchange.response.body.includes('the '), { timeoutMs: 30_000, what: 'text' })
    await readUntil(incoming, exchange.response.bytes)
  }
  pending.request.on('error', () => undefined)
  pending.abort()
}

/** Leaves only after everything that was sent has come through: else it is luck how much of it the proxy saw. */
async function readUntil(incoming: NodeJS.ReadableStream, bytes: number): Promise<void> {
  let received = 0
  for await (const piece of incoming) {
    received += (piece as Buffer).length
    if (received >= bytes) return
  }
}

function chargedByRow(row: RecordedRow): Charged {
  return {
    inputTokens: Number(row.input_tokens ?? 0),
    outputTokens: Number(row.output_tokens ?? 0),
    cacheCreationInputTokens: Number(row.cache_creation_input_tokens ?? 0),
    cacheReadInputTokens: Number(row.cache_read_input_tokens ?? 0),
    costMicroUsd: row.cost_micro_usd === null ? null : BigInt(row.cost_micro_usd),
    confidence: row.cost_confidence as Charged['confidence'],
  }
}

async function queryLedger({ databaseUrl }: Stage): Promise<ChargedSums> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<ChargedSums>(
      `SELECT sum(requests)::float8 AS requests, sum(input_tokens)::float8 AS "inputTokens",
         sum(output_tokens)::float8 AS "outputTokens",
         sum(cache_creation_input_tokens)::float8 AS "cacheCreationInputTokens",
         sum(cache_read_input_tokens)::float8 AS "cacheReadInputTokens",
         sum(cost_micro_usd)::float8 AS "costMicroUsd", sum(unpriced_requests)::float8 AS unpriced
       FROM usage_hours WHERE domain = $1`,
      [counted.domain],
    )
    return rows[0] as ChargedSums
  } finally {
    await client.end()
  }
}

/** The page as the server draws it, for an owner. */
async function usagePage({ url, databaseUrl }: Stage): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { cookie } = await logIn(client, 'owner').finally(() => client.end())
  const response = await fetch(`${url}/usage?domain=${counted.domain}`, { headers: { cookie } })
  expect(response.status).toBe(200)
  return response.text()
}

/** The exact value behind a figure of the page. */
function shownFigure(page: string, name: string): string | undefined {
  return new RegExp(`aria-label="${name}"[\\s\\S]*?text-kpi[^>]*title="([^"]+)"`).exec(page)?.[1]
}

const inWords = (count: number) => count.toLocaleString('en-US')

async function ask<T>({ url }: Stage, path: string, query: Record<string, string>): Promise<T> {
  const response = await fetch(`${url}${path}?${new URLSearchParams(query).toString()}`, {
    headers: { 'x-dashboard-key': dashboardKey },
  })
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

interface ConversationPage {
  readonly conversations: readonly ListedConversation[]
  readonly pagination: { readonly nextCursor: string | null }
}

interface ApiSums {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  readonly costUsd: string | null
  readonly unpricedRequests: number
}

const microUsdOf = (costUsd: string | null) => Number((costUsd ?? '0').replace('.', ''))

function sumsOfApi(api: ApiSums): ChargedSums {
  return {
    requests: api.requests,
    inputTokens: api.inputTokens,
    outputTokens: api.outputTokens,
    cacheCreationInputTokens: api.cacheCreationTokens,
    cacheReadInputTokens: api.cacheReadTokens,
    costMicroUsd: microUsdOf(api.costUsd),
    unpriced: api.unpricedRequests,
  }
}

function addUp(all: readonly ChargedSums[]): ChargedSums {
  const names = Object.keys(all[0] ?? {}) as (keyof ChargedSums)[]
  return Object.fromEntries(names.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0)])) as never
}

interface TokenUsage {
  readonly totalRequests: number
  readonly totalInputTokens: number
  readonly totalOutputTokens: number
  readonly totalTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  readonly costUsd: string | null
}
type TokenStats = Readonly<Record<string, unknown>>

/** Requests, tokens by kind, micro-dollars. */
type Figures = readonly number[]

function tokensOf(truth: ChargedSums): Figures {
  const { requests, inputTokens, outputTokens, cacheCreationInputTokens, cacheReadInputTokens, costMicroUsd } = truth
  const total = inputTokens + outputTokens
  return [requests, inputTokens, outputTokens, total, cacheCreationInputTokens, cacheReadInputTokens, costMicroUsd]
}

function tokensOfApi(api: TokenUsage): Figures {
  return [
    ...[api.totalRequests, api.totalInputTokens, api.totalOutputTokens, api.totalTokens],
    ...[api.cacheCreationInputTokens, api.cacheReadInputTokens, microUsdOf(api.costUsd)],
  ]
}

const addTokens = (a: Figures, b: Figures): Figures => a.map((value, index) => value + (b[index] ?? 0))
