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
  state.loading ??= reload(state).finally(() => (state.loading = null))
  return state.loading
}

/** Call after a change of the overrides: it then counts at once here, and within five seconds elsewhere. */
export function expirePriceBook(): void {
  known().loadedAtMs = -Infinity
}

async function reload(state: Known): Promise<PriceBook> {
  try {
    state.book = await loadPriceBook()
  } catch (error) {
    log().warn({ error }, 'the price overrides cannot be read; the last known prices go on')
  }
  state.loadedAtMs = performance.now()
  return state.book
}

async function loadPriceBook(): Promise<PriceBook> {
  const { rows } = await hotPool().query<OverrideRow>(`SELECT ${overrideColumns} FROM price_overrides`)
  return withOverrides(priceBook(), rows.map(overrideOfRow))
}
