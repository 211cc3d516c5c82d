import { priceBook, withOverrides, type PriceBook } from '@/lib/claude/price-book'
import { hotPool } from '@/lib/db'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'
import { overrideColumns, overrideOfRow, type OverrideRow } from './price-override-row'

const freshMs = 5_000

interface Known {
  book: PriceBook
  loadedAtMs: number
  loading: Promise<PriceBook> | null
}

const known = () =>
  shared<Known>('usage.price-book', () => ({ book: priceBook(), loadedAtMs: -Infinity, loading: null }))

/**
 * The price book with the overrides of this installation, at most five seconds old. While the database is away the
 * last known one goes on.
 */
export async function currentPriceBook(): Promise<PriceBook> {
  const state = known()
  if (performance.now() - state.loadedAtMs < freshMs) return state.book
  return (state.loading ??= reload(state))
}

/** Call after a change of the overrides: it then counts at once here, and within five seconds elsewhere. */
export function expirePriceBook(): void {
  const state = known()
  state.loadedAtMs = -Infinity
  // One that is on its way may have been asked for before the change.
  state.loading = null
}

function reload(state: Known): Promise<PriceBook> {
  const loading: Promise<PriceBook> = loadPriceBook()
    .catch((error: unknown) => {
      log().warn({ error }, 'the price overrides cannot be read; the last known prices go on')
      return state.book
    })
    .then((book) => {
      if (state.loading !== loading) return book
      Object.assign(state, { book, loadedAtMs: performance.now(), loading: null })
      return book
    })
  return loading
}

/** As it is stored now: for work that a price of before would spoil. */
export async function loadPriceBook(): Promise<PriceBook> {
  const { rows } = await hotPool().query<OverrideRow>(`SELECT ${overrideColumns} FROM price_overrides`)
  return withOverrides(priceBook(), rows.map(overrideOfRow))
}
