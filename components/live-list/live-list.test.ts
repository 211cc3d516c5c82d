import { expect, test } from 'vitest'
import {
  changeLiveList,
  emptyLiveList,
  findNews,
  liveListOf,
  mergeRows,
  type Known,
  type LiveChange,
  type LiveList,
  type RowKind,
} from './live-list'

interface Row {
  readonly id: string
  readonly version: number
  readonly at: string
  readonly size: number
}

const aRow = (id: string, version = 0, rest: Partial<Row> = {}): Row => ({ id, version, at: id, size: 0, ...rest })
const rows = (...ids: string[]) => ids.map((id) => aRow(id))
const byId = (...list: Row[]) => new Map(list.map((row) => [row.id, row]))
const idsOf = (list: Iterable<Row>) => [...list].map(({ id }) => id)

/** Newest first. */
const kind: RowKind<Row> = {
  idOf: ({ id }) => id,
  versionOf: ({ version }) => version,
  activityOf: ({ at }) => at,
  compare: (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0),
  belongs: () => true,
}

const recorded = (...list: Row[]): LiveChange<Row> => ({ kind: 'recorded', query: 'q', rows: byId(...list) })
const hold = (isHeld: boolean): LiveChange<Row> => ({ kind: 'hold', isHeld })
const after = (...changes: LiveChange<Row>[]) =>
  changes.reduce<LiveList<Row>>(changeLiveList, { ...emptyLiveList, query: 'q' })

test('what is recorded is shown, each row once and as it became last', () => {
  const list = after(recorded(aRow('2'), aRow('1')), recorded(aRow('3'), aRow('2', 5)))
  expect(idsOf(list.shown.values()).sort()).toEqual(['1', '2', '3'])
  expect(list.shown.get('2')?.version).toBe(5)
})

test('while the list is held rows wait, and those shown before stay as they are', () => {
  const held = after(recorded(aRow('1')), hold(true), recorded(aRow('1', 2)), recorded(aRow('2')))
  expect([held.shown.get('1')?.version, held.shown.size, held.waiting.size]).toEqual([0, 1, 2])
  const shown = changeLiveList(held, { kind: 'show' })
  expect([shown.shown.get('1')?.version, shown.shown.size, shown.waiting.size]).toEqual([2, 2, 0])
})

test('letting go of the list shows what waited', () => {
  const list = after(hold(true), recorded(aRow('1')), hold(false))
  expect([list.shown.size, list.waiting.size]).toEqual([1, 0])
})

test('news of one filter are no news of another', () => {
  expect(liveListOf(after(recorded(aRow('1'))), 'other').shown.size).toBe(0)
  const list = changeLiveList(after(recorded(aRow('1'))), { kind: 'recorded', query: 'other', rows: byId() })
  expect(list.shown.size).toBe(0)
})

test('a long request takes its place by when it began, not by when it was recorded', () => {
  expect(idsOf(mergeRows(kind, rows('4'), rows('5', '3')))).toEqual(['5', '4', '3'])
})

test('a row that changed moves to its new place, and a list read since then has the last word', () => {
  const grown = aRow('3', 1, { at: '9' })
  expect(mergeRows(kind, [grown], rows('5', '3'))).toEqual([grown, aRow('5')])
  const later = aRow('3', 2, { at: '9', size: 7 })
  expect(mergeRows(kind, [grown], [later])).toEqual([later])
})

const known: Known<Row> = { rows: byId(aRow('5'), aRow('3')), activities: [], lastRow: aRow('3'), limit: 4 }

test('only what the list lacks and has room for is news', () => {
  expect(findNews(kind, rows('6', '5', '4', '2'), known)).toEqual(rows('6', '4'))
})

test('a listed row in a newer state is news, wherever it stands', () => {
  expect(findNews(kind, [aRow('5', 1), aRow('3', 1)], known)).toEqual([aRow('5', 1), aRow('3', 1)])
})

test('what may not stand in the list is no news', () => {
  const large = { ...kind, belongs: ({ size }: Row) => size > 0 }
  expect(findNews(large, [aRow('6', 0, { size: 1 }), aRow('4')], known)).toEqual([aRow('6', 0, { size: 1 })])
})

test('when the newest rows do not reach back far enough there is a gap', () => {
  expect(findNews(kind, rows('9', '8', '7', '6'), known)).toBe('gap')
  expect(findNews(kind, rows('8', '7', '6', '5'), { ...known, activities: ['4'] })).toBe('gap')
  expect(findNews(kind, rows('9', '8'), known)).toEqual(rows('9', '8'))
})
