import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packUsage, unpackUsage } from './packed-usage'

const counters = {
  inputTokens: 6,
  outputTokens: 673,
  cacheCreationInputTokens: 1_595,
  cacheCreation1hTokens: 95,
  cacheReadInputTokens: 92_312,
}
const usual = {
  input_tokens: 6,
  cache_creation_input_tokens: 1_595,
  cache_read_input_tokens: 92_312,
  cache_creation: { ephemeral_5m_input_tokens: 1_500, ephemeral_1h_input_tokens: 95 },
  output_tokens: 673,
  service_tier: 'standard',
  inference_geo: 'global',
}

test('a usual usage object takes no room beside its counters', () => {
  expect(packUsage(JSON.stringify(usual), counters)).toBe('+{}')
})

test('only what is unusual is spelled out', () => {
  const usage = { ...usual, service_tier: 'batch', server_tool_use: { web_search_requests: 2 } }
  expect(packUsage(JSON.stringify(usage), counters)).toBe(
    '+{"service_tier":"batch","server_tool_use":{"web_search_requests":2}}',
  )
})

test('whatever the upstream says comes back as it was, whatever the counters are', () => {
  const anyCount = fc.option(fc.nat())
  const anyCounters = fc.record({
    inputTokens: anyCount,
    outputTokens: anyCount,
    cacheCreationInputTokens: anyCount,
    cacheCreation1hTokens: anyCount,
    cacheReadInputTokens: anyCount,
  })
  const anyUsage = fc.oneof(
    fc.record(
      Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, fc.constantFrom(value, null, 7)])),
      {
        requiredKeys: [],
      },
    ),
    fc.dictionary(fc.string(), fc.jsonValue()),
  )
  fc.assert(
    fc.property(anyUsage, fc.oneof(anyCounters, fc.constant(counters)), (usage, given) => {
      const json = JSON.stringify(usage)
      expect(unpackUsage(packUsage(json, given), given)).toEqual(JSON.parse(json))
    }),
  )
})

test('a usage object that was stored whole is read as it stands', () => {
  expect(unpackUsage(JSON.stringify(usual), { ...counters, inputTokens: null })).toEqual(usual)
})

test('what is no usage object is none', () => {
  expect(unpackUsage('+[]', counters)).toBeNull()
  expect(unpackUsage('7', counters)).toBeNull()
})
