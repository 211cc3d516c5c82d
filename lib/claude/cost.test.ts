import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { costOf, type CostQuestion } from './cost'
import { priceBook, withOverrides } from './price-book'
import { readResponseFacts } from './response-facts'

const at = new Date('2026-11-22T12:00:00Z')
const thousandEach = { input_tokens: 1000, output_tokens: 1000 }
const writes5m = (tokens: number) => ({
  cache_creation_input_tokens: tokens,
  cache_creation: { ephemeral_5m_input_tokens: tokens, ephemeral_1h_input_tokens: 0 },
})

test.each([
  {
    title: 'haiku-5-5 at the edge of its band',
    model: 'claude-haiku-5-5',
    usd: '0.0105',
    usage: { input_tokens: 100_000, output_tokens: 1000 },
  },
  {
    title: 'haiku-5-5 one token above it',
    model: 'claude-haiku-5-5',
    usd: '0.0525005',
    usage: { input_tokens: 100_001, output_tokens: 1000 },
  },
  {
    title: 'haiku-5-5 above it by its cached prompt',
    model: 'claude-haiku-5-5',
    usd: '0.0367505',
    usage: { input_tokens: 1, output_tokens: 1000, ...writes5m(50_000), cache_read_input_tokens: 60_000 },
  },
  { title: 'opus-5-5', model: 'claude-opus-5-5', usd: '0.024', usage: thousandEach },
  {
    title: 'opus-5-5 in the us',
    model: 'claude-opus-5-5',
    usd: '0.0264',
    usage: { ...thousandEach, inference_geo: 'us' },
  },
  { title: 'opus-5-5 fast', model: 'claude-opus-5-5', usd: '0.048', usage: { ...thousandEach, speed: 'fast' } },
  {
    title: 'opus-5-5 in the us with three searches',
    model: 'claude-opus-5-5',
    usd: '0.0564',
    usage: { ...thousandEach, inference_geo: 'us', server_tool_use: { web_search_requests: 3 } },
  },
  {
    title: 'a batch at half',
    model: 'claude-opus-5-5',
    usd: '0.012',
    usage: { ...thousandEach, service_tier: 'batch' },
  },
  {
    title: 'a batch in the us, its search at full price',
    model: 'claude-opus-5-5',
    usd: '0.0232',
    usage: { ...thousandEach, service_tier: 'batch', inference_geo: 'us', server_tool_use: { web_search_requests: 1 } },
  },
  {
    title: 'fast cache writes and reads',
    model: 'claude-opus-5-5',
    usd: '0.0104',
    usage: { ...writes5m(1000), cache_read_input_tokens: 1000, speed: 'fast' },
  },
  {
    title: 'web fetches as free',
    model: 'claude-opus-5-5',
    usd: '0.024',
    usage: { ...thousandEach, server_tool_use: { web_fetch_requests: 9 } },
  },
])('prices $title', ({ model, usage, usd }) => {
  const cost = costOf({ model, usage, at })
  expect(usdOf(cost.costPicoUsd)).toBe(usd)
  expect(cost.confidence).toBe('exact')
})

test.each([
  ['claude-opus-5-5', '0.002088'],
  ['claude-fable-5-2', '0.003776'],
  ['claude-sonnet-5-5', '0.001044'],
  ['claude-haiku-5-5', '0.0000622'],
  ['claude-haiku-4-5', '0.000622'],
  ['claude-sonnet-4-6', '0.001866'],
  ['claude-opus-4-8', '0.00311'],
])('prices the same cached turn on %s', (model, usd) => {
  const usage = {
    input_tokens: 12,
    output_tokens: 42,
    cache_creation_input_tokens: 100,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 100 },
    cache_read_input_tokens: 2000,
  }
  const cost = costOf({ model, usage, at })
  expect(usdOf(cost.costPicoUsd)).toBe(usd)
  expect(cost.confidence).toBe('exact')
})

test('cache writes of no stated duration cost as five-minute writes, and that is an estimate', () => {
  const usage = { input_tokens: 1000, cache_creation_input_tokens: 1000 }
  expect(summary({ model: 'claude-opus-5-5', usage })).toEqual({ usd: '0.009', confidence: 'estimated' })
})

test('writes beyond the split of the start cost as five-minute writes', () => {
  const usage = { cache_creation_input_tokens: 1500, cache_creation: { ephemeral_1h_input_tokens: 1000 } }
  expect(summary({ model: 'claude-opus-5-5', usage })).toEqual({ usd: '0.0105', confidence: 'estimated' })
})

test('a compaction is billed on top of the top-level tokens', () => {
  const usage = {
    input_tokens: 1000,
    output_tokens: 100,
    iterations: [
      { type: 'compaction', input_tokens: 5000, output_tokens: 500 },
      { type: 'message', model: null, input_tokens: 1000, output_tokens: 100 },
    ],
  }
  expect(summary({ model: 'claude-opus-5-5', usage })).toEqual({ usd: '0.036', confidence: 'exact' })
})

test('an advisor is billed at its own model', () => {
  const usage = {
    iterations: [
      { type: 'message', model: 'claude-sonnet-5-5', input_tokens: 1000, output_tokens: 1000 },
      { type: 'advisor_message', model: 'claude-opus-5-5', input_tokens: 1000, output_tokens: 1000 },
    ],
  }
  expect(summary({ model: 'claude-sonnet-5-5', usage })).toEqual({ usd: '0.036', confidence: 'exact' })
})

test('an attempt that declined before output is free, one that wrote something is not', () => {
  const iterations = (output: number) => [
    { type: 'message', model: 'claude-fable-5-2', input_tokens: 1000, output_tokens: output },
    { type: 'fallback_message', model: 'claude-opus-5-5', ...thousandEach },
  ]
  expect(summary({ model: 'claude-opus-5-5', usage: { iterations: iterations(0) } }).usd).toBe('0.024')
  expect(summary({ model: 'claude-opus-5-5', usage: { iterations: iterations(10) } }).usd).toBe('0.0324')
})

test('an iteration whose type is no text is priced like any other', () => {
  const usage = { iterations: [{ type: { toString: 1 }, input_tokens: 1000, output_tokens: 1000 }] }
  expect(summary({ model: 'claude-opus-5-5', usage })).toMatchObject({ confidence: 'exact' })
})

test('each iteration finds its band by its own prompt', () => {
  const iteration = { type: 'message', input_tokens: 60_000 }
  expect(
    summary({ model: 'claude-haiku-5-5', usage: { input_tokens: 120_000, iterations: [iteration, iteration] } }).usd,
  ).toBe('0.012')
})

test('a refusal before any output is free', () => {
  expect(summary({ model: 'claude-fable-5-2', usage: thousandEach, isRefusedBeforeOutput: true })).toEqual({
    usd: '0',
    confidence: 'exact',
  })
})

test('a price holds from its day on', () => {
  const question = { model: 'claude-sonnet-5-5', usage: { cache_read_input_tokens: 1_000_000 } }
  expect(summary({ ...question, at: new Date('2026-10-06T23:59:59Z') }).usd).toBe('0.2')
  expect(summary({ ...question, at: new Date('2026-10-07T00:00:00Z') }).usd).toBe('0.1')
})

test('before its first known price a model costs that one, as an estimate', () => {
  const question = { model: 'claude-opus-5-5', usage: thousandEach, at: new Date('2026-01-01') }
  expect(summary(question)).toEqual({ usd: '0.024', confidence: 'estimated' })
})

test.each([['claude-opus-9'], ['gpt-6'], ['claude-mythos-preview'], [null]])(
  '%s has no price, which is not zero',
  (model) => {
    expect(costOf({ model, usage: thousandEach, at })).toEqual({
      costMicroUsd: null,
      costPicoUsd: null,
      confidence: 'unpriced',
      lines: [],
    })
  },
)

test('one iteration of an unknown model leaves the whole unpriced', () => {
  const usage = {
    iterations: [
      { type: 'message', ...thousandEach },
      { type: 'advisor_message', model: 'claude-opus-9', ...thousandEach },
    ],
  }
  expect(costOf({ model: 'claude-opus-5-5', usage, at }).confidence).toBe('unpriced')
})

test('an estimated output makes the cost partial and never lowers it', () => {
  const question = { model: 'claude-opus-5-5', usage: { input_tokens: 1000, output_tokens: 10 } }
  expect(summary({ ...question, estimatedOutputTokens: 1000 })).toEqual({ usd: '0.024', confidence: 'partial' })
  expect(summary({ ...question, estimatedOutputTokens: 3 })).toEqual({ usd: '0.0042', confidence: 'partial' })
})

test.each([
  ['a region without a known multiplier', { inference_geo: 'mars' }],
  ['a region named like a property of every object', { inference_geo: 'constructor' }],
  ['the priority tier', { service_tier: 'priority' }],
  ['redeemed fallback credit', { fallback_credit: { status: { type: 'redeemed' } } }],
  ['container hours', { server_tool_use: { code_execution_requests: 1 } }],
  ['a counter that is no count', { cache_read_input_tokens: Number.POSITIVE_INFINITY }],
])('%s makes the cost an estimate', (_title, more) => {
  const cost = costOf({ model: 'claude-opus-5-5', usage: { ...thousandEach, ...more }, at })
  expect(cost.confidence).toBe('estimated')
})

test('fast mode on a model that does not sell it is an estimate at the plain price', () => {
  expect(summary({ model: 'claude-sonnet-5-5', usage: { ...thousandEach, speed: 'fast' } })).toEqual({
    usd: '0.012',
    confidence: 'estimated',
  })
})

test('micro-dollars are rounded once, half up', () => {
  const micro = (usage: object) => costOf({ model: 'claude-haiku-5-5', usage, at }).costMicroUsd
  expect(micro({ output_tokens: 1 })).toBe(1n)
  expect(micro({ input_tokens: 4 })).toBe(0n)
  expect(micro({ input_tokens: 4, cache_read_input_tokens: 9, output_tokens: 1 })).toBe(1n)
})

test('the lines say what was billed and at which rate', () => {
  const usage = {
    input_tokens: 1000,
    cache_read_input_tokens: 2000,
    inference_geo: 'us',
    server_tool_use: { web_search_requests: 2 },
  }
  const { lines } = costOf({ model: 'us.anthropic.claude-opus-5-5', usage, at })
  expect(lines).toEqual([
    {
      label: 'input',
      model: 'claude-opus-5-5',
      portion: 'message',
      tokens: 1000,
      ratePerMtokUsd: 4.4,
      costMicroUsd: 4400n,
      costPicoUsd: 4_400_000_000n,
    },
    {
      label: 'cache read',
      model: 'claude-opus-5-5',
      portion: 'message',
      tokens: 2000,
      ratePerMtokUsd: 0.22,
      costMicroUsd: 440n,
      costPicoUsd: 440_000_000n,
    },
    {
      label: 'web search',
      model: null,
      portion: 'message',
      tokens: 2,
      ratePerMtokUsd: 10_000,
      costMicroUsd: 20_000n,
      costPicoUsd: 20_000_000_000n,
    },
  ])
})

test.each([
  ['text', '0.002088', 'exact'],
  ['web-search', '0.062928', 'exact'],
  ['compaction', '0.036', 'exact'],
  ['fallback', '0.0064', 'exact'],
  ['iterations', '0.044362', 'exact'],
  ['refusal', '0', 'exact'],
  ['refusal-mid-stream', '0.00768', 'exact'],
  ['truncated', '0.001388', 'partial'],
])('the recorded stream %s costs %s dollars', (name, usd, confidence) => {
  const bytes = readFileSync(new URL(`./fixtures/${name}.sse`, import.meta.url))
  const facts = readResponseFacts({ status: 200, contentType: 'text/event-stream', contentEncoding: null, bytes })
  expect(summary({ ...facts, model: facts.servedModel })).toEqual({ usd, confidence })
})

test('another book gives another price', () => {
  const rates = { input: 1, output: 1, cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 1 }
  const book = withOverrides(priceBook(), [
    { model: 'claude-opus-9', from: '2026-01-01', rates, bands: [], fastRates: null },
  ])
  expect(summary({ model: 'claude-opus-9', usage: thousandEach, book })).toEqual({ usd: '0.002', confidence: 'exact' })
})

test('the cost is the sum of its lines, is within half a micro-dollar, and grows with every token', () => {
  const count = fc.nat({ max: 5_000_000 })
  const usage = fc.record({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    speed: fc.constantFrom('fast', 'standard'),
  })
  fc.assert(
    fc.property(
      usage,
      fc.constantFrom('claude-opus-5-5', 'claude-haiku-5-5', 'claude-3-haiku-20240307'),
      (tokens, model) => {
        const { costPicoUsd, costMicroUsd, lines } = costOf({ model, usage: tokens, at })
        expect(lines.reduce((sum, line) => sum + line.costPicoUsd, 0n)).toBe(costPicoUsd)
        expect(Math.abs(Number((costMicroUsd ?? 0n) * 1_000_000n - (costPicoUsd ?? 0n)))).toBeLessThanOrEqual(500_000)
        const more = costOf({ model, usage: { ...tokens, output_tokens: tokens.output_tokens + 1 }, at })
        expect(more.costPicoUsd).toBeGreaterThan(costPicoUsd ?? 0n)
      },
    ),
    { numRuns: 300 },
  )
})

test('no usage at all makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), (usage) => {
      expect(() => costOf({ model: 'claude-opus-5-5', usage, at })).not.toThrow()
    }),
    { numRuns: 500 },
  )
})

function summary(question: Omit<CostQuestion, 'at'> & { at?: Date }) {
  const { costPicoUsd, confidence } = costOf({ at, ...question })
  return { usd: usdOf(costPicoUsd), confidence }
}

/** Pico-dollars as a decimal without trailing zeros. */
function usdOf(pico: bigint | null): string | null {
  if (pico === null) return null
  const digits = pico.toString().padStart(13, '0')
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '')
}
