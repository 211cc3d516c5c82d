import { getPricedModel, priceBook } from './price-book'

/** How many tokens prompt and answer may have together; null for a model we do not know. */
export function contextWindowOf(model: string): number | null {
  return getPricedModel(priceBook(), model)?.contextWindowTokens ?? null
}
