import { costOf, type CostLine } from '@/lib/claude/cost'
import type { PriceBook } from '@/lib/claude/price-book'
import { usdOfMicroUsd } from '@/lib/money'
import type { RecordedRequest } from './get-request'

export interface PricedLine extends Omit<CostLine, 'costMicroUsd' | 'costPicoUsd'> {
  /** Decimal dollars with six places. */
  readonly costUsd: string
}

export interface PricedRequest {
  readonly lines: readonly PricedLine[]
  /** What today's price book makes of the usage; null = unpriced. */
  readonly costUsd: string | null
  /** It is what was recorded. */
  readonly isAsRecorded: boolean
}

/** How the cost of a request comes about, line by line. */
export function priceRequest(facts: RecordedRequest, book: PriceBook): PricedRequest {
  const isPartial = facts.costConfidence === 'partial'
  const { lines, costMicroUsd } = costOf({
    model: facts.model,
    usage: facts.usage,
    at: new Date(facts.timestamp),
    book,
    estimatedOutputTokens: isPartial ? facts.outputTokens : null,
    isRefusedBeforeOutput: facts.stopReason === 'refusal' && facts.costUsd === '0.000000',
  })
  const costUsd = usdOfMicroUsd(costMicroUsd === null ? null : Number(costMicroUsd))
  return {
    lines: lines.map(({ costMicroUsd: micro, costPicoUsd: _pico, ...line }) => ({
      ...line,
      costUsd: usdOfMicroUsd(Number(micro)),
    })),
    costUsd,
    isAsRecorded: costUsd === facts.costUsd,
  }
}
