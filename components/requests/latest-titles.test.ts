import { expect, test } from 'vitest'
import { withLatestTitles } from './latest-titles'

const aRow = (conversationId: string | null, conversationTitle: string | null) => ({
  conversationId,
  conversationTitle,
})

test('rows read before their conversation had its name get it from a newer row', () => {
  const rows = [aRow('a', null), aRow('a', 'A faster export'), aRow('a', 'The export takes four'), aRow('a', null)]
  const titles = withLatestTitles(rows).map(({ conversationTitle }) => conversationTitle)
  expect(titles).toEqual(Array(4).fill('A faster export'))
})

test('conversations keep their own titles, and rows that do not change are the same', () => {
  const rows = [aRow('a', 'A'), aRow('b', 'B'), aRow(null, null), aRow('c', null)]
  const titled = withLatestTitles(rows)
  expect(rows.every((row, index) => titled[index] === row)).toBe(true)
})
