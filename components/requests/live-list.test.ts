import { expect, test } from 'vitest'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { changeLiveList, emptyLiveList, findNews, liveListOf, mergeRequests, type LiveChange } from './live-list'

const recorded = (...ids: string[]): LiveChange => ({
  kind: 'recorded',
  query: 'q',
  requests: ids.map((requestId) => ({ requestId }) as RequestSummary),
})
const after = (...changes: LiveChange[]) => changes.reduce(changeLiveList, emptyLiveList)
const idsOf = (list: { news: readonly RequestSummary[] }) => list.news.map(({ requestId }) => requestId)

test('new requests go on top, each once', () => {
  const list = after(recorded('2', '1'), recorded('3', '2'))
  expect([idsOf(list), list.waiting]).toEqual([['3', '2', '1'], 0])
})

test('while the list is held they wait, and are shown on request', () => {
  const held = after(recorded('1'), { kind: 'hold', isHeld: true }, recorded('2'), recorded('3'))
  expect(held.waiting).toBe(2)
  expect(changeLiveList(held, { kind: 'show' }).waiting).toBe(0)
})

test('letting go of the list shows what waited', () => {
  expect(after({ kind: 'hold', isHeld: true }, recorded('1'), { kind: 'hold', isHeld: false }).waiting).toBe(0)
})

test('news of one filter are no news of another', () => {
  expect(liveListOf(after(recorded('1')), 'other').news).toEqual([])
  const list = changeLiveList(after(recorded('1')), { kind: 'recorded', query: 'other', requests: [] })
  expect(idsOf(list)).toEqual([])
})

const rows = (...ids: string[]) => ids.map((requestId) => ({ requestId }) as RequestSummary)
const known = { ids: new Set(['5', '3']), recordedIds: [], listedFromId: '3', limit: 4 }

test('a long request takes its place by when it began, not by when it was recorded', () => {
  expect(mergeRequests(rows('4'), rows('5', '3')).map(({ requestId }) => requestId)).toEqual(['5', '4', '3'])
})

test('only what the list lacks and has room for is news', () => {
  expect(findNews(rows('6', '5', '4', '2'), known)).toEqual(rows('6', '4'))
})

test('when the newest requests do not reach back far enough there is a gap', () => {
  expect(findNews(rows('9', '8', '7', '6'), known)).toBe('gap')
  expect(findNews(rows('8', '7', '6', '5'), { ...known, recordedIds: ['4'] })).toBe('gap')
  expect(findNews(rows('9', '8'), known)).toEqual(rows('9', '8'))
})
