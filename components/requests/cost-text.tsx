import type { CostConfidence } from '@/lib/claude/cost'
import { formatCostUsd } from '@/lib/format'

interface CostTextProps {
  costUsd: string | null
  costConfidence: CostConfidence
}

const meanings: Record<CostConfidence, string> = {
  exact: 'from the upstream’s final usage',
  estimated: 'a price or a part of the usage is assumed',
  partial: 'the answer was cut off: at least this',
  unpriced: 'no price for this model',
}

/** Dollars with their confidence. What nobody can know is "unknown", not zero. */
export function CostText({ costUsd, costConfidence }: CostTextProps) {
  const isUnknown = costUsd === null && costConfidence !== 'unpriced'
  return (
    <span
      className="numeric"
      title={
        costUsd === null || costConfidence === 'unpriced'
          ? meanings[costConfidence]
          : `$${costUsd}: ${meanings[costConfidence]}`
      }
    >
      {isUnknown ? 'unknown' : formatCostUsd(costUsd, costConfidence)}
    </span>
  )
}
