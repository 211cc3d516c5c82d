import { expect, test } from 'vitest'
import { readUpstreamLimits } from './read-upstream-limits'

test('the windows of a plan are read with their share, state and reset', () => {
  const limits = readUpstreamLimits([
    ['Anthropic-Ratelimit-Unified-Status', 'rejected'],
    ['anthropic-ratelimit-unified-reset', '1785700800'],
    ['anthropic-ratelimit-unified-representative-claim', 'seven_day_overage_included'],
    ['anthropic-ratelimit-unified-5h-status', 'allowed'],
    ['anthropic-ratelimit-unified-5h-utilization', '-0.0'],
    ['anthropic-ratelimit-unified-5h-reset', '1785700800'],
    ['anthropic-ratelimit-unified-7d_oi-status', 'rejected'],
    ['anthropic-ratelimit-unified-7d_oi-utilization', '1.02'],
    ['anthropic-ratelimit-unified-7d_oi-reset', '1785900000'],
    ['anthropic-ratelimit-unified-overage-status', 'rejected'],
  ])
  expect(limits).toEqual([
    { window: '5h', status: 'allowed', utilization: 0, amount: null, remaining: null, resetsAtMs: 1785700800000 },
    {
      window: '7d_oi',
      status: 'rejected',
      utilization: 1.02,
      amount: null,
      remaining: null,
      resetsAtMs: 1785900000000,
    },
  ])
})

test('the limits of an API key are read, and their share is what does not remain', () => {
  const limits = readUpstreamLimits([
    ['anthropic-ratelimit-requests-limit', '4000'],
    ['anthropic-ratelimit-requests-remaining', '3000'],
    ['anthropic-ratelimit-requests-reset', '2026-11-22T12:00:01Z'],
    ['anthropic-fast-input-tokens-limit', '100'],
    ['anthropic-fast-input-tokens-remaining', '100'],
  ])
  expect(limits).toEqual([
    {
      window: 'requests',
      status: null,
      utilization: 0.25,
      amount: 4000,
      remaining: 3000,
      resetsAtMs: Date.parse('2026-11-22T12:00:01Z'),
    },
    { window: 'fast-input-tokens', status: null, utilization: 0, amount: 100, remaining: 100, resetsAtMs: null },
  ])
})

test('nonsense is read as nothing', () => {
  expect(
    readUpstreamLimits([
      ['anthropic-ratelimit-unified-5h-utilization', 'NaN'],
      ['anthropic-ratelimit-unified-5h-reset', '1e300'],
      ['anthropic-ratelimit-tokens-limit', ''],
      ['x-ratelimit-requests-limit', '5'],
    ]),
  ).toEqual([
    { window: '5h', status: null, utilization: null, amount: null, remaining: null, resetsAtMs: null },
    { window: 'tokens', status: null, utilization: null, amount: null, remaining: null, resetsAtMs: null },
  ])
})

test('what no table can keep is read as nothing, so that it does not hold up the rest', () => {
  expect(
    readUpstreamLimits([
      ['anthropic-ratelimit-requests-limit', '1e30'],
      ['anthropic-ratelimit-requests-remaining', '-5'],
      ['anthropic-ratelimit-requests-reset', '8640000000000'],
      [`anthropic-ratelimit-unified-${'x'.repeat(4_000)}-status`, 'allowed'],
    ]),
  ).toEqual([{ window: 'requests', status: null, utilization: null, amount: null, remaining: null, resetsAtMs: null }])
})
