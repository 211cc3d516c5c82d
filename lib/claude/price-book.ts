/** What Claude models cost, by date: list prices in US dollars for a million tokens. */
import { z } from 'zod'
import { normaliseModel } from './model-name'
import listPrices from './price-book.json'

const usd = z.number().min(0).max(1_000_000)
const ratesSchema = z.object({ input: usd, output: usd, cacheWrite5m: usd, cacheWrite1h: usd, cacheRead: usd })
const priceSchema = z.object({
  /** First day (UTC) on which the price holds; it holds until the next one begins. */
  from: z.iso.date(),
  rates: ratesSchema,
  /** Rates for every token of a request whose prompt is longer than this many tokens. */
  bands: z.array(z.object({ abovePromptTokens: z.int().min(0), rates: ratesSchema })).default([]),
  /** Rates of `speed: "fast"`; null where that is not sold. */
  fastRates: ratesSchema.nullable().default(null),
})
const modelSchema = z.object({
  id: z.string().min(1),
  aliases: z.array(z.string()),
  contextWindowTokens: z.int().positive().nullable(),
  maxOutputTokens: z.int().positive().nullable(),
  /** By `usage.inference_geo`; a region that is not named here costs the plain price. */
  geoMultipliers: z.record(z.string(), z.number().positive()),
  /** Oldest first. Empty: the price is not known. */
  prices: z.array(priceSchema),
})
const bookSchema = z.object({
  asOf: z.iso.date(),
  batchMultiplier: z.number().positive(),
  webSearchUsdPerThousand: usd,
  models: z.array(modelSchema),
})

/** A price that an admin sets: it holds for `model` from its day on, over everything the book says after that day. */
export const priceOverrideSchema = priceSchema.extend({ model: z.string().trim().min(1).max(200) })

export type Rates = z.infer<typeof ratesSchema>
export type Price = z.infer<typeof priceSchema>
export type PricedModel = z.infer<typeof modelSchema>
export type PriceOverride = z.infer<typeof priceOverrideSchema>

export interface PriceBook {
  readonly asOf: string
  readonly batchMultiplier: number
  readonly webSearchUsdPerThousand: number
  /** By canonical id and by every alias. */
  readonly models: ReadonlyMap<string, PricedModel>
}

let builtIn: PriceBook | null = null

/** The list prices that came with this version. */
export function priceBook(): PriceBook {
  builtIn ??= buildBook(bookSchema.parse(listPrices))
  return builtIn
}

/** The entry of exactly this model, whatever form its name has. Never a prefix: `claude-opus-5` is not `claude-opus-5-5`. */
export function getPricedModel(book: PriceBook, name: string): PricedModel | null {
  return book.models.get(name) ?? book.models.get(normaliseModel(name)) ?? null
}

/** The price in force on the day of `at`; before the first known day, the first price with `isKnown` false. */
export function getPrice(model: PricedModel, at: Date): { price: Price; isKnown: boolean } | null {
  const day = Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10)
  const inForce = model.prices.findLast((price) => price.from <= day)
  if (inForce) return { price: inForce, isKnown: true }
  return model.prices[0] ? { price: model.prices[0], isKnown: false } : null
}

/** The book with an admin's prices in it. From the first day of a model's overrides, its built-in prices end. */
export function withOverrides(book: PriceBook, overrides: readonly PriceOverride[]): PriceBook {
  const models = new Map(book.models)
  for (const id of new Set(overrides.map(({ model }) => normaliseModel(model)))) {
    const known = book.models.get(id) ?? unknownModel(id)
    const own = overrides
      .filter(({ model }) => normaliseModel(model) === id)
      .map(({ model: _model, ...price }) => price)
    const changed = { ...known, prices: overlay(known.prices, own) }
    for (const name of [id, known.id, ...known.aliases]) models.set(name, changed)
  }
  return { ...book, models }
}

function overlay(prices: readonly Price[], overrides: readonly Price[]): Price[] {
  const own = overrides.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const firstDay = own[0]?.from ?? ''
  return [...prices.filter((price) => price.from < firstDay), ...own]
}

function unknownModel(id: string): PricedModel {
  return { id, aliases: [], contextWindowTokens: null, maxOutputTokens: null, geoMultipliers: {}, prices: [] }
}

function buildBook(list: z.infer<typeof bookSchema>): PriceBook {
  const models = new Map<string, PricedModel>()
  for (const model of list.models) for (const name of [model.id, ...model.aliases]) models.set(name, model)
  return { ...list, models }
}
