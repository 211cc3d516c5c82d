import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { costOf } from '@/lib/claude/cost'
import { priceBook, withOverrides, type PriceOverride } from '@/lib/claude/price-book'
import { newId } from '@/lib/ids'
import { linkNothing } from '@/lib/recorder/link-port'
import { recordBatch } from '@/lib/recorder/record-batch'
import type { RequestRow } from '@/lib/recorder/request-row'
import { keepNothing } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { applyRerate } from './apply-rerate'
import { rebuildLedger } from './rebuild-ledger'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query('CREATE TABLE api_requests_any PARTITION OF api_requests DEFAULT')
})
afterAll(() => database.drop())
beforeEach(empty)

async function empty() {
  await database.pool.query('TRUNCATE api_requests, usage_hours')
}

const fromMs = Date.parse('2026-11-20T22:00:00Z')
const period = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') }
const teamA = '01a2008d-7400-7000-8000-00000000000a'
const aKey = '01a2008d-7400-7000-8000-00000000000b'
const tokens = fc.integer({ min: 0, max: 5_000_000 })

/** A request as the recorder would make it of a usage object. */
const aRow = fc
  .record({
    atMs: fc.integer({ min: fromMs, max: fromMs + 5 * 3_600_000 }),
    model: fc.constantFrom('claude-opus-5-5', 'claude-haiku-5-5', 'claude-x', null),
    isOurs: fc.boolean(),
    accountId: fc.constantFrom('acc_one', 'acc_two', null),
    status: fc.constantFrom(200, 400, 529, null),
    outcome: fc.constantFrom('completed' as const, 'client_aborted' as const, 'upstream_error' as const),
    isStreaming: fc.boolean(),
    stopReason: fc.constantFrom('end_turn', 'refusal', null),
    hasUsage: fc.boolean(),
    usage: fc.record({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_creation_input_tokens: tokens,
      cache_read_input_tokens: tokens,
    }),
  })
  .map(({ atMs, isOurs, hasUsage, usage, ...rest }): RequestRow => {
    const isCutOff = rest.isStreaming && rest.stopReason === null
    const cost = costOf({
      ...{ model: rest.model, usage: hasUsage ? usage : null, at: new Date(atMs) },
      estimatedOutputTokens: isCutOff ? usage.output_tokens : null,
      isRefusedBeforeOutput: rest.stopReason === 'refusal',
    })
    return {
      ...{ ...rest, requestId: newId(atMs), createdAtMs: atMs, method: 'POST', path: '/v1/messages', kind: 'chat' },
      ...{ domainId: isOurs ? teamA : null, domain: isOurs ? 'team-a.example.com' : 'stranger.example' },
      ...{ clientKeyId: isOurs ? aKey : null, errorType: null, responseTimeMs: 900, firstByteMs: 300 },
      inputTokens: hasUsage ? usage.input_tokens : null,
      outputTokens: hasUsage ? usage.output_tokens : null,
      cacheCreationInputTokens: hasUsage ? usage.cache_creation_input_tokens : null,
      cacheReadInputTokens: hasUsage ? usage.cache_read_input_tokens : null,
      ...{ cacheCreation1hTokens: null, thinkingTokens: null },
      ...{ costMicroUsd: cost.costMicroUsd, costConfidence: cost.confidence },
      usageJson: hasUsage ? JSON.stringify(usage) : null,
      ...{ toolCallCount: 0, messageCount: 1, requestBytes: 1, responseBytes: 1, upstreamRequestId: null },
      ...{ messageId: null, sessionId: null, agentId: null, parentAgentId: null, userAgent: null },
    }
  })
const someRows = fc.array(aRow, { minLength: 1, maxLength: 40 })

async function record(rows: readonly RequestRow[]) {
  const settings = { pool: () => database.pool, store: keepNothing, link: linkNothing, now: Date.now }
  const prepared = rows.map((row) => ({ row, candidate: null, bodies: null, hasLostBodies: false }))
  // In two batches: the second adds to what the first wrote.
  await recordBatch(settings, prepared.slice(0, 7), { isRepeat: false })
  await recordBatch(settings, prepared.slice(7), { isRepeat: false })
}

interface LedgerLine {
  requests: bigint
  errors: bigint
  tokens: bigint
  cost: bigint
  unpriced: bigint
  estimated: bigint
}

/** The ledger as the database has it. */
async function readLedger(): Promise<Map<string, LedgerLine>> {
  const { rows } = await database.pool.query<Record<keyof LedgerLine, string> & { key: string }>(
    `SELECT concat_ws('|', to_char(hour AT TIME ZONE 'UTC', 'DD HH24:MI'), domain, account_id, client_key_id, model, kind) AS key,
       requests, errors, input_tokens + output_tokens + cache_creation_input_tokens + cache_read_input_tokens AS tokens,
       cost_micro_usd AS cost, unpriced_requests AS unpriced, estimated_requests AS estimated FROM usage_hours`,
  )
  return new Map(
    rows.map(({ key, ...line }) => [
      key,
      Object.fromEntries(Object.entries(line).map(([name, value]) => [name, BigInt(value)])) as unknown as LedgerLine,
    ]),
  )
}

/** The same, added up here from the rows. */
function addUp(rows: readonly RequestRow[]): Map<string, LedgerLine> {
  const lines = new Map<string, LedgerLine>()
  for (const row of rows) {
    const line = lines.get(keyOf(row)) ?? {
      requests: 0n,
      errors: 0n,
      tokens: 0n,
      cost: 0n,
      unpriced: 0n,
      estimated: 0n,
    }
    const parts = [row.inputTokens, row.outputTokens, row.cacheCreationInputTokens, row.cacheReadInputTokens]
    line.requests += 1n
    line.errors += BigInt((row.status ?? 0) >= 400 || !['completed', 'client_aborted'].includes(row.outcome))
    line.tokens += parts.reduce((sum: bigint, part) => sum + BigInt(part ?? 0), 0n)
    line.cost += row.costMicroUsd ?? 0n
    line.unpriced += BigInt(row.costConfidence === 'unpriced')
    line.estimated += BigInt(['estimated', 'partial'].includes(row.costConfidence))
    lines.set(keyOf(row), line)
  }
  return lines
}

function keyOf(row: RequestRow): string {
  const hour = `${new Date(row.createdAtMs).toISOString().slice(8, 13).replace('T', ' ')}:00`
  const domain = row.domainId === null ? '' : row.domain
  const keyId = row.clientKeyId ?? '00000000-0000-0000-0000-000000000000'
  return [hour, domain, row.accountId ?? '', keyId, row.model ?? '', row.kind].join('|')
}

test('the ledger equals the sum of the requests, to the micro-dollar', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      await empty()
      await record(rows)
      expect(await readLedger()).toEqual(addUp(rows))
    }),
    { numRuns: 25 },
  )
})

test('a ledger that went wrong is rebuilt from the requests', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      await empty()
      await record(rows)
      await database.pool.query('UPDATE usage_hours SET cost_micro_usd = cost_micro_usd + 1, requests = 0')
      await rebuildLedger()
      expect(await readLedger()).toEqual(addUp(rows))
    }),
    { numRuns: 5 },
  )
})

test('hours older than the oldest kept request stay in the ledger when it is rebuilt', async () => {
  const [row] = fc.sample(aRow, 1) as [RequestRow]
  const old = { ...row, requestId: newId(fromMs - 86_400_000), createdAtMs: fromMs - 86_400_000 }
  await record([old, { ...row, requestId: newId(fromMs), createdAtMs: fromMs }])
  await database.pool.query('DELETE FROM api_requests WHERE created_at < $1', [new Date(fromMs - 1)])
  const before = await readLedger()
  await rebuildLedger()
  expect(await readLedger()).toEqual(before)
})

const aPrice = fc.record({
  model: fc.constantFrom('claude-x', 'claude-opus-5-5'),
  from: fc.constantFrom('2026-11-20', '2026-11-21'),
  rates: fc.record({
    input: fc.integer({ min: 0, max: 100 }),
    output: fc.integer({ min: 0, max: 100 }),
    cacheWrite5m: fc.integer({ min: 0, max: 100 }),
    cacheWrite1h: fc.integer({ min: 0, max: 100 }),
    cacheRead: fc.integer({ min: 0, max: 100 }),
  }),
})

test('pricing again changes rows and ledger by the same difference, as if the new price had always been there', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, aPrice, async (rows, price) => {
      await empty()
      await record(rows)
      const book = withOverrides(priceBook(), [{ ...price, bands: [], fastRates: null } satisfies PriceOverride])
      const sums = await applyRerate({ ...period, model: null, book })
      const wanted = rows.map((row) => ({ ...row, ...newCostOf(row, book) }))
      expect(await readLedger()).toEqual(addUp(wanted))
      expect(await readCosts()).toEqual(costsOf(wanted))
      const changed = wanted.filter(
        (row, index) =>
          row.costMicroUsd !== rows[index]?.costMicroUsd || row.costConfidence !== rows[index]?.costConfidence,
      )
      expect(sums.changedRequests).toBe(changed.length)
    }),
    { numRuns: 25 },
  )
})

test('pricing twice with the same book changes nothing the second time', async () => {
  await record(fc.sample(aRow, 30))
  const book = withOverrides(priceBook(), [aFlatPrice('claude-x', 7)])
  await applyRerate({ ...period, model: null, book })
  const before = await readLedger()
  expect((await applyRerate({ ...period, model: null, book })).changedRequests).toBe(0)
  expect(await readLedger()).toEqual(before)
})

test('a second run waits for the first, and both end well', async () => {
  await record(fc.sample(aRow, 30))
  const book = withOverrides(priceBook(), [aFlatPrice('claude-x', 7)])
  let second: Promise<unknown> = Promise.resolve()
  let waits = 0
  const onSecond = () => void (waits += 1)
  await applyRerate({ ...period, model: null, book }, async () => {
    second = applyRerate({ ...period, model: null, book }, onSecond)
    await waitUntil(() => waits > 0)
  })
  expect(await second).toMatchObject({ changedRequests: 0 })
})

test('a run that cannot begin gives its connection back', async () => {
  const client = await database.pool.connect()
  vi.spyOn(client, 'query').mockImplementationOnce(() => Promise.reject(new Error('no such function')))
  client.release()
  await expect(applyRerate({ ...period, model: null, book: priceBook() })).rejects.toThrow('no such function')
  expect(database.pool.totalCount - database.pool.idleCount).toBe(0)
})

test('only the model that was asked for is priced again', async () => {
  const [row] = fc.sample(aRow, 1) as [RequestRow]
  const usageJson = JSON.stringify({ input_tokens: 1_000, output_tokens: 0 })
  const plain = { ...row, usageJson, stopReason: 'end_turn', costMicroUsd: null, costConfidence: 'unpriced' as const }
  const rows = ['claude-x', 'claude-opus-5-5'].map((model) => ({ ...plain, model, requestId: newId(row.createdAtMs) }))
  await record(rows)
  const book = withOverrides(priceBook(), [aFlatPrice('claude-x', 7), aFlatPrice('claude-opus-5-5', 7)])
  await applyRerate({ ...period, model: 'claude-x', book })
  const costs = new Map((await readCosts()).map(([id, ...cost]) => [id, cost]))
  expect(rows.map(({ requestId }) => costs.get(requestId))).toEqual([
    [7_000n, 'exact'],
    [null, 'unpriced'],
  ])
})

test('the cost of a conversation moves with that of its requests', async () => {
  const [row] = fc.sample(aRow, 1) as [RequestRow]
  const usageJson = JSON.stringify({ input_tokens: 1_000, output_tokens: 0 })
  const spoilt = { ...row, usageJson, model: 'claude-x', stopReason: 'end_turn', costMicroUsd: 3_000n }
  await record([spoilt])
  await database.pool.query(
    `INSERT INTO conversations (conversation_id, domain_id, domain, first_request_at, last_request_at, cost_micro_usd)
     VALUES ($1, $1, 'team-a.example.com', now(), now(), 10000)`,
    [teamA],
  )
  await database.pool.query('UPDATE api_requests SET conversation_id = $1', [teamA])
  await applyRerate({ ...period, model: null, book: withOverrides(priceBook(), [aFlatPrice('claude-x', 7)]) })
  const { rows } = await database.pool.query('SELECT cost_micro_usd::int AS cost FROM conversations')
  expect(rows).toEqual([{ cost: 14_000 }])
})

test('a conversation of which a request got its price is no longer partly unpriced, and says what is estimated', async () => {
  const conversationId = randomUUID()
  const [row] = fc.sample(aRow, 1) as [RequestRow]
  const usageJson = JSON.stringify({ input_tokens: 1_000, output_tokens: 0, service_tier: 'priority' })
  const unpriced = { costMicroUsd: null, costConfidence: 'unpriced' as const }
  await record([{ ...row, usageJson, model: 'claude-x', stopReason: 'end_turn', ...unpriced }])
  await database.pool.query(
    `INSERT INTO conversations (conversation_id, domain_id, domain, first_request_at, last_request_at, unpriced_count)
     VALUES ($1, $2, 'team-a.example.com', now(), now(), 1)`,
    [conversationId, teamA],
  )
  await database.pool.query('UPDATE api_requests SET conversation_id = $1', [conversationId])
  await applyRerate({ ...period, model: null, book: withOverrides(priceBook(), [aFlatPrice('claude-x', 7)]) })
  const { rows } = await database.pool.query(
    `SELECT unpriced_count AS unpriced, estimated_count AS estimated FROM conversations WHERE conversation_id = $1`,
    [conversationId],
  )
  expect(rows).toEqual([{ unpriced: 0, estimated: 1 }])
})

function aFlatPrice(model: string, usd: number): PriceOverride {
  const rates = { input: usd, output: usd, cacheWrite5m: usd, cacheWrite1h: usd, cacheRead: usd }
  return { model, from: '2026-01-01', rates, bands: [], fastRates: null }
}

function newCostOf(row: RequestRow, book: ReturnType<typeof priceBook>) {
  if (row.usageJson === null) return {}
  const cost = costOf({
    ...{ model: row.model, usage: JSON.parse(row.usageJson), at: new Date(row.createdAtMs), book },
    estimatedOutputTokens: row.isStreaming && row.stopReason === null ? row.outputTokens : null,
    isRefusedBeforeOutput: row.stopReason === 'refusal',
  })
  return { costMicroUsd: cost.costMicroUsd, costConfidence: cost.confidence }
}

async function readCosts() {
  const { rows } = await database.pool.query<{ id: string; cost: string | null; confidence: string }>(
    'SELECT request_id AS id, cost_micro_usd AS cost, cost_confidence AS confidence FROM api_requests ORDER BY 1',
  )
  return rows.map(({ id, cost, confidence }) => [id, cost === null ? null : BigInt(cost), confidence])
}

function costsOf(rows: readonly RequestRow[]) {
  return rows
    .map((row) => [row.requestId, row.costMicroUsd, row.costConfidence])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
}
