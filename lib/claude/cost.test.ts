import { expect, test } from 'vitest'
import { costOf } from './cost'

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
  { title: 'opus-5-5', model: 'claude-opus-5-5', usd: '0.024', usage: { ...thousandEach } },
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
    title: 'opus-5-5 with writes of no stated duration',
    model: 'claude-opus-5-5',
    usd: '0.009',
    usage: { input_tokens: 1000, cache_creation_input_tokens: 1000 },
  },
])('prices $title', ({ model, usage, usd }) => {
  expect(usdOf(costOf({ model, usage, at }).costPicoUsd)).toBe(usd)
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

/** Pico-dollars as a decimal without trailing zeros. */
function usdOf(pico: bigint | null): string | null {
  if (pico === null) return null
  const digits = pico.toString().padStart(13, '0')
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '')
}
