/** What a list has to know of its rows. */
export interface RowKind<Row> {
  readonly idOf: (row: Row) => string
  /** Grows when a row changes. */
  readonly versionOf: (row: Row) => number
  /** When something last happened to it, as a text that sorts by time: the newest rows are asked for in this order. */
  readonly activityOf: (row: Row) => string
  /** The order of the list. */
  readonly compare: (a: Row, b: Row) => number
  /** Whether it may stand in the list at all. */
  readonly belongs: (row: Row) => boolean
}

/** Rows by their ids. */
type RowsById<Row> = ReadonlyMap<string, Row>

/** What was recorded since the list of a filter was read. */
export interface LiveList<Row> {
  readonly query: string
  readonly shown: RowsById<Row>
  /** What waits to be shown. */
  readonly waiting: RowsById<Row>
  /** The reader looks at something: nothing may move. */
  readonly isHeld: boolean
}

export type LiveChange<Row> =
  | { readonly kind: 'recorded'; readonly query: string; readonly rows: RowsById<Row> }
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  | { readonly kind: 'show' }

const noRows: RowsById<never> = new Map<string, never>()

export const emptyLiveList: LiveList<never> = { query: '', shown: noRows, waiting: noRows, isHeld: false }

/** Pure: what is new takes its place, or waits while the list is held. */
export function changeLiveList<Row>(list: LiveList<Row>, change: LiveChange<Row>): LiveList<Row> {
  switch (change.kind) {
    case 'recorded':
      return addNews(liveListOf(list, change.query), change.rows)
    case 'hold':
      return change.isHeld ? { ...list, isHeld: true } : { ...showWaiting(list), isHeld: false }
    case 'show':
      return showWaiting(list)
  }
}

function addNews<Row>(list: LiveList<Row>, rows: RowsById<Row>): LiveList<Row> {
  if (list.isHeld) return { ...list, waiting: new Map([...list.waiting, ...rows]) }
  return { ...list, shown: new Map([...list.shown, ...rows]) }
}

function showWaiting<Row>(list: LiveList<Row>): LiveList<Row> {
  return { ...list, shown: new Map([...list.shown, ...list.waiting]), waiting: noRows }
}

/** The list as far as it belongs to this filter. */
export function liveListOf<Row>(list: LiveList<Row>, query: string): LiveList<Row> {
  return list.query === query ? list : { ...emptyLiveList, query, isHeld: list.isHeld }
}

/** Old and new in one list, each row once and as it became last. A long request is recorded after shorter ones. */
export function mergeRows<Row>(kind: RowKind<Row>, news: Iterable<Row>, listed: Iterable<Row>): Row[] {
  return [...latestById(kind, [...listed, ...news]).values()].sort(kind.compare)
}

export function latestById<Row>(kind: RowKind<Row>, rows: Iterable<Row>): RowsById<Row> {
  const latest = new Map<string, Row>()
  for (const row of rows) {
    const id = kind.idOf(row)
    if (isNews(kind, row, latest.get(id))) latest.set(id, row)
  }
  return latest
}

function isNews<Row>(kind: RowKind<Row>, row: Row, known: Row | undefined): boolean {
  return known === undefined || kind.versionOf(row) > kind.versionOf(known)
}

export interface Known<Row> {
  readonly rows: RowsById<Row>
  /** What events have told of since the last look, as `activityOf` says it. */
  readonly activities: readonly string[]
  /** The last row of the list; those behind it come with the next page. null = the list is whole. */
  readonly lastRow: Row | null
  /** How many newest rows were asked for. */
  readonly limit: number
}

/**
 * Those of the newest rows that a list lacks or has in an older state, or `gap` when they do not reach back to
 * everything that was recorded: then only reading the list afresh is complete. Pure.
 */
export function findNews<Row>(kind: RowKind<Row>, newest: readonly Row[], known: Known<Row>): readonly Row[] | 'gap' {
  const { rows, activities, lastRow, limit } = known
  const news = newest.filter((row) => isNews(kind, row, rows.get(kind.idOf(row))))
  const oldest = newest.at(-1)
  if (oldest !== undefined && newest.length >= limit) {
    const reachesTo = kind.activityOf(oldest)
    if (news.length === newest.length || activities.some((activity) => activity < reachesTo)) return 'gap'
  }
  const isWithin = (row: Row) => lastRow === null || kind.compare(row, lastRow) < 0 || rows.has(kind.idOf(row))
  return news.filter((row) => kind.belongs(row) && isWithin(row))
}
