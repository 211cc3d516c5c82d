import { costOf, freeOfCharge, type Cost } from './cost'
import type { PriceBook } from './price-book'
import type { RequestFacts } from './request-facts'
import type { RequestKind } from './request-kinds'
import type { ResponseFacts } from './response-facts'

export interface AnsweredRequest {
  readonly method: string
  readonly request: Pick<RequestFacts, 'kind' | 'model'>
  readonly response: ResponseFacts
  readonly at: Date
  readonly book?: PriceBook
}

const freeKinds: ReadonlySet<RequestKind> = new Set<RequestKind>(['count_tokens', 'models', 'files'])
/** Charged for, perhaps, but the answer does not say what. */
const chargedElsewhere: ReadonlySet<RequestKind> = new Set<RequestKind>(['batches', 'other'])

/** What one exchange cost. An answer that ended before the first number leaves the cost unknown, not zero. */
export function costOfAnswer({ method, request, response, at, book }: AnsweredRequest): Cost {
  if (response.usage) {
    const { usage, estimatedOutputTokens, isRefusedBeforeOutput } = response
    const model = response.servedModel ?? request.model
    return costOf({ model, usage, at, book, estimatedOutputTokens, isRefusedBeforeOutput })
  }
  if (method !== 'POST' || freeKinds.has(request.kind) || response.errorType !== null) return freeOfCharge
  const confidence = chargedElsewhere.has(request.kind) ? 'unpriced' : 'partial'
  return { costMicroUsd: null, costPicoUsd: null, confidence, lines: [] }
}
