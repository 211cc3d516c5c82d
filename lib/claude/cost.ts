/** Dollars for a usage object, exact to the pico-dollar: integers only, rounded once. */
import { readBilledUsage, type BilledPortion, type BilledUsage } from './billed-usage'
import { isRecord } from './json'
import {
  getPrice,
  getPricedModel,
  priceBook,
  type Price,
  type PriceBook,
  type PricedModel,
  type Rates,
} from './price-book'

export type CostConfidence = 'exact' | 'estimated' | 'partial' | 'unpriced'

export interface CostLine {
  readonly label: 'input' | 'output' | 'cache write 5m' | 'cache write 1h' | 'cache read' | 'web search'
  /** Model whose price was used; null for a tool's fee. */
  readonly model: string | null
  /** What was sampled: `message`, `compaction`, `advisor_message`, `fallback_message` … */
  readonly portion: string
  /** Tokens, or searches. */
  readonly tokens: number
  /** With every multiplier in it; for searches, dollars for a million of them. */
  readonly ratePerMtokUsd: number
  readonly costMicroUsd: bigint
  readonly costPicoUsd: bigint
}

export interface Cost {
  /** null: there is no price for a model that was used. */
  readonly costMicroUsd: bigint | null
  readonly costPicoUsd: bigint | null
  readonly confidence: CostConfidence
  readonly lines: readonly CostLine[]
}

export interface CostQuestion {
  /** The model that served the answer. */
  readonly model: string | null
  /** The raw, final usage object. */
  readonly usage: unknown
  readonly at: Date
  readonly book?: PriceBook
  /** For an answer that was cut off: the output is at least this, and the cost is `partial`. */
  readonly estimatedOutputTokens?: number | null
  /** Such an answer shows tokens but is not charged. */
  readonly isRefusedBeforeOutput?: boolean
}

/** Multipliers have at most six decimals. */
const multiplierScale = 1_000_000n
/** What `inference_geo` says when no region was asked for. */
const plainGeos = new Set(['', 'global', 'not_available'])
const tokenKinds = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheWrite5m', 'cache write 5m'],
  ['cacheWrite1h', 'cache write 1h'],
  ['cacheRead', 'cache read'],
] as const

export const freeOfCharge: Cost = { costMicroUsd: 0n, costPicoUsd: 0n, confidence: 'exact', lines: [] }
const unpriced: Cost = { costMicroUsd: null, costPicoUsd: null, confidence: 'unpriced', lines: [] }

export function costOf(question: CostQuestion): Cost {
  if (!isRecord(question.usage)) return unpriced
  const book = question.book ?? priceBook()
  const usage = readBilledUsage(question.usage, question.model, question.isRefusedBeforeOutput ?? false)
  const priced = withEstimate(usage.portions, question.estimatedOutputTokens).map((portion) =>
    pricePortion(portion, usage, { book, at: question.at }),
  )
  if (!priced.every((portion) => portion !== null)) return unpriced
  const lines = [...priced.flatMap((portion) => portion.lines), ...webSearchLines(usage.webSearches, book)]
  const costPicoUsd = lines.reduce((sum, line) => sum + line.costPicoUsd, 0n)
  const isPartial = (question.estimatedOutputTokens ?? null) !== null
  const isExact = !usage.isAssumed && priced.every((portion) => portion.isExact)
  return {
    costMicroUsd: toMicroUsd(costPicoUsd),
    costPicoUsd,
    confidence: isPartial ? 'partial' : isExact ? 'exact' : 'estimated',
    lines,
  }
}

/** An estimate stands for the last sampling: the one that was cut off. */
function withEstimate(portions: readonly BilledPortion[], tokens: number | null | undefined): readonly BilledPortion[] {
  const last = portions.at(-1)
  if (!last || !tokens || tokens <= last.output) return portions
  return [...portions.slice(0, -1), { ...last, output: tokens }]
}

interface PricedPortion {
  readonly lines: readonly CostLine[]
  readonly isExact: boolean
}

function pricePortion(
  portion: BilledPortion,
  usage: BilledUsage,
  { book, at }: { book: PriceBook; at: Date },
): PricedPortion | null {
  const model = portion.model === null ? null : getPricedModel(book, portion.model)
  const found = model && getPrice(model, at)
  if (!model || !found) return null
  const { rates, isSold } = ratesOf(found.price, portion, usage.isFast)
  const { multiplier, isKnown } = multiplierOf(model, usage, book)
  const lines = tokenKinds
    .filter(([kind]) => portion[kind] > 0)
    .map(([kind, label]) => {
      const billed = { label, model: model.id, portion: portion.type, tokens: portion[kind] }
      return lineOf(billed, { picoUsd: picoOf(rates[kind]) * multiplier, per: 1_000_000n * multiplierScale })
    })
  return { lines, isExact: found.isKnown && isSold && isKnown }
}

/** A price as a fraction, so that no multiplier needs rounding: so many pico-dollars for so many tokens. */
interface UnitPrice {
  readonly picoUsd: bigint
  readonly per: bigint
}

function lineOf(
  billed: Pick<CostLine, 'label' | 'model' | 'portion' | 'tokens'>,
  { picoUsd, per }: UnitPrice,
): CostLine {
  const costPicoUsd = divideHalfUp(BigInt(billed.tokens) * picoUsd, per)
  const ratePerMtokUsd = Number(divideHalfUp(picoUsd, per)) / 1_000_000
  return { ...billed, ratePerMtokUsd, costMicroUsd: toMicroUsd(costPicoUsd), costPicoUsd }
}

/** The longest band that the whole prompt exceeds; a fast sampling has rates of its own. */
function ratesOf(price: Price, portion: BilledPortion, isFast: boolean): { rates: Rates; isSold: boolean } {
  if (isFast && price.fastRates) return { rates: price.fastRates, isSold: portion.type !== 'advisor_message' }
  const promptTokens = portion.input + portion.cacheWrite5m + portion.cacheWrite1h + portion.cacheRead
  const bands = price.bands.filter((band) => promptTokens > band.abovePromptTokens)
  const band = bands.sort((a, b) => b.abovePromptTokens - a.abovePromptTokens)[0]
  return { rates: band?.rates ?? price.rates, isSold: !isFast }
}

/** Multipliers stack. */
function multiplierOf(model: PricedModel, usage: BilledUsage, book: PriceBook) {
  const geo = geoMultiplierOf(model, usage.geo)
  const batch = usage.isBatch ? book.batchMultiplier : 1
  return { multiplier: BigInt(Math.round((geo ?? 1) * batch * Number(multiplierScale))), isKnown: geo !== null }
}

/** null: a region whose price we do not know. */
function geoMultiplierOf(model: PricedModel, geo: string | null): number | null {
  if (geo === null || plainGeos.has(geo)) return 1
  return Object.hasOwn(model.geoMultipliers, geo) ? (model.geoMultipliers[geo] ?? null) : null
}

/** A fee for each search; no multiplier applies to it. */
function webSearchLines(searches: number, book: PriceBook): CostLine[] {
  if (searches === 0) return []
  const billed = { label: 'web search', model: null, portion: 'message', tokens: searches } as const
  return [lineOf(billed, { picoUsd: picoOf(book.webSearchUsdPerThousand), per: 1000n })]
}

/** Prices have at most six decimals. */
function picoOf(usd: number): bigint {
  return BigInt(Math.round(usd * 1_000_000)) * 1_000_000n
}

function toMicroUsd(pico: bigint): bigint {
  return divideHalfUp(pico, 1_000_000n)
}

/** For amounts that are not negative. */
function divideHalfUp(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor / 2n) / divisor
}
