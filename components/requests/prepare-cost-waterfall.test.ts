import { expect, test } from 'vitest'
import type { PricedLine } from '@/lib/requests/price-request'
import { prepareCostWaterfall } from './prepare-cost-waterfall'

const aLine = (label: PricedLine['label'], costUsd: string): PricedLine => ({
  ...{ label, costUsd, model: 'claude-opus-5-5', portion: 'message', tokens: 1_000, ratePerMtokUsd: 5 },
})

test('each part begins where the one before it ended, and the last row is all of them', () => {
  const rows = prepareCostWaterfall({
    lines: [aLine('output', '0.050000'), aLine('input', '0.025000'), aLine('cache read', '0.025000')],
  })
  expect(rows.map(({ name, from, length, value }) => [name, from, length, value])).toEqual([
    ['input', 0, 0.25, '$0.0250'],
    ['cache read', 0.25, 0.25, '$0.0250'],
    ['output', 0.5, 0.5, '$0.05'],
    ['total', 0, 1, '$0.10'],
  ])
})

test('what costs nothing has no waterfall', () => {
  expect(prepareCostWaterfall({ lines: [] })).toEqual([])
  expect(prepareCostWaterfall({ lines: [aLine('input', '0.000000')] })).toEqual([])
})
