import type { CostConfidence } from './cost'

/** A sum of costs, and how many of them are not simply known. */
export interface CostSum {
  readonly costMicroUsd: number
  readonly unpriced: number
  /** Estimated, or a lower bound. */
  readonly estimated: number
}

/** How far a sum of costs can be trusted: `partial` = a part has no price, so that the sum is a lower bound. Pure. */
export function sumConfidence({ costMicroUsd, unpriced, estimated }: CostSum): CostConfidence {
  if (unpriced > 0) return costMicroUsd === 0 ? 'unpriced' : 'partial'
  return estimated > 0 ? 'estimated' : 'exact'
}

/** For costs that are added up one by one. */
export const isEstimated = (confidence: CostConfidence) => confidence === 'estimated' || confidence === 'partial'
