import type { CostConfidence } from '@/lib/claude/cost'
import { sumConfidence, type CostSum } from '@/lib/claude/sum-confidence'

/** Micro-dollars as the API writes money: decimal dollars with six places. null stays null: unpriced is not free. */
export function usdOfMicroUsd(microUsd: number): string
export function usdOfMicroUsd(microUsd: number | null): string | null
export function usdOfMicroUsd(microUsd: number | null): string | null {
  if (microUsd === null) return null
  const whole = BigInt(Math.round(microUsd))
  const size = whole < 0n ? -whole : whole
  return `${whole < 0n ? '-' : ''}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, '0')}`
}

const exactUsd = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 6 })

/** What somebody set, to its last digit: $1,250.50 · $0.0005. */
export function formatExactUsd(microUsd: number): string {
  return exactUsd.format(microUsd / 1e6)
}

/** A sum of costs as the API tells it; null = not known, for nothing of it has a price. */
export function costJson(sum: CostSum): { costUsd: string | null; costConfidence: CostConfidence } {
  const costConfidence = sumConfidence(sum)
  return { costUsd: usdOfMicroUsd(costConfidence === 'unpriced' ? null : sum.costMicroUsd), costConfidence }
}
