interface Sought<Row> {
  readonly rows: readonly Row[]
  /** What a row is found by; null = these are not looked through. */
  readonly textOf: ((row: Row) => string) | null
  readonly wanted: string
}

/** The rows that hold what is wanted, in capitals or not, in their order. Pure. */
export function findRows<Row>({ rows, textOf, wanted }: Sought<Row>): readonly Row[] {
  const text = wanted.trim().toLowerCase()
  if (text === '' || textOf === null) return rows
  return rows.filter((row) => textOf(row).toLowerCase().includes(text))
}

/** So many lots at once are still a page that one can use. */
const mostLotsAtOnce = 10

interface Offer {
  /** How many the next press shows; 0 = all are shown. */
  readonly more: number
  readonly isAllOffered: boolean
}

/** What the foot of a list offers that shows some of what it has. Pure. */
export function offerOf(shown: number, found: number, lot: number): Offer {
  const more = Math.max(0, Math.min(lot, found - shown))
  return { more, isAllOffered: found - shown > more && found <= lot * mostLotsAtOnce }
}
