import { getPrice } from '@/lib/claude/price-book'
import { currentPriceBook } from './current-price-book'
import { listPriceOverrides } from './price-overrides'

/** The price table as it holds now: every model of the book with all its prices, and what was set here. */
export async function listPrices(now = new Date()) {
  const [book, overrides] = await Promise.all([currentPriceBook(), listPriceOverrides()])
  const set = new Set(overrides.map(({ model, from }) => `${model} ${from}`))
  const models = [...new Set(book.models.values())].map((model) => ({
    model: model.id,
    contextWindowTokens: model.contextWindowTokens,
    inForceSince: getPrice(model, now)?.price.from ?? null,
    prices: model.prices.map((price) => ({ ...price, isOverride: set.has(`${model.id} ${price.from}`) })),
  }))
  return { asOf: book.asOf, models: models.sort((a, b) => (a.model < b.model ? -1 : 1)), overrides }
}
export type Prices = Awaited<ReturnType<typeof listPrices>>
