import { formatCostUsd, formatExact, formatRate } from '@/lib/format'
import type { PricedLine, PricedRequest } from '@/lib/requests/price-request'
import type { WaterfallRow } from './waterfall'

/** In the order in which tokens become dollars, with the colours they have everywhere. */
const order: readonly (readonly [label: PricedLine['label'], color: string])[] = [
  ['input', 'var(--chart-1)'],
  ['cache write 5m', 'var(--chart-2)'],
  ['cache write 1h', 'var(--chart-2)'],
  ['cache read', 'var(--chart-3)'],
  ['output', 'var(--chart-4)'],
  ['web search', 'var(--chart-other)'],
]

/** Pure: each line of a cost begins where the one before it ended; the last row is the sum. Empty without a cost. */
export function prepareCostWaterfall({ lines }: Pick<PricedRequest, 'lines'>): WaterfallRow[] {
  const total = lines.reduce((sum, { costUsd }) => sum + Number(costUsd), 0)
  if (total === 0) return []
  const placeOf = ({ label }: PricedLine) => order.findIndex(([name]) => name === label)
  let from = 0
  const rows = lines
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((line, index) => {
      const length = Number(line.costUsd) / total
      const row = { ...rowOf(line, index), from, length, color: order[placeOf(line)]?.[1] ?? 'var(--chart-other)' }
      from += length
      return row
    })
  const sum = formatCostUsd(total.toFixed(6))
  return [
    ...rows,
    { key: 'total', name: 'total', detail: '', value: sum, from: 0, length: 1, color: 'var(--color-secondary)' },
  ]
}

function rowOf({ label, portion, model, tokens, ratePerMtokUsd, costUsd }: PricedLine, index: number) {
  return {
    key: `${index} ${portion} ${model} ${label}`,
    name: portion === 'message' ? label : `${label} (${portion})`,
    detail: `${formatExact(tokens)} × ${formatRate(ratePerMtokUsd)} / M`,
    value: formatCostUsd(costUsd),
  }
}
