import { normaliseModel } from '@/lib/claude/model-name'
import { priceBook, withOverrides, type PriceBook } from '@/lib/claude/price-book'
import { dashboardPool } from '@/lib/db'
import { queryKeptSince } from './kept-since'
import { listPriceOverrides } from './price-overrides'
import type { NewOverride } from './price-override-row'
import { addRerated, noRerate, rateBatch, type RerateSums } from './rerate'

export interface PricePreview extends RerateSums {
  /** The first moment whose requests were looked at. */
  readonly from: Date
  /** false = only the newest requests were looked at: there are more than a preview waits for. */
  readonly isComplete: boolean
}

/** Longer nobody waits for a preview. */
const patienceMs = 4_000

/** What a price would change, computed with the real arithmetic over the recorded requests, newest first. Changes nothing. */
export async function previewPrice(given: NewOverride): Promise<PricePreview> {
  const model = normaliseModel(given.model)
  const keptSince = await queryKeptSince()
  const from = new Date(Math.max(Date.parse(given.from), keptSince?.getTime() ?? 0))
  const question = { from, to: new Date(), model, book: await bookWith({ ...given, model }) }
  const deadline = performance.now() + patienceMs
  let sums: RerateSums = noRerate
  let cursor: string | null = null
  do {
    const batch = await rateBatch(dashboardPool(), question, { cursor, lock: false })
    sums = addRerated(sums, batch.rerated)
    cursor = batch.cursor
  } while (cursor !== null && performance.now() < deadline)
  return { ...sums, from, isComplete: cursor === null }
}

/** The book as it would be: a price of the same model and day gives way. */
async function bookWith(given: NewOverride): Promise<PriceBook> {
  const others = (await listPriceOverrides()).filter(({ model, from }) => model !== given.model || from !== given.from)
  return withOverrides(priceBook(), [...others, given])
}
