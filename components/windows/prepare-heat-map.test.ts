import { expect, test } from 'vitest'
import { prepareHeatMap } from './prepare-heat-map'

const empty = () => Array.from({ length: 7 }, () => new Array<number>(24).fill(0))

test('the costliest hour has the strongest colour and is named', () => {
  const week = empty()
  week[1]![9] = 7_000_000
  week[2]![10] = 1
  const { rows, summary } = prepareHeatMap(week)
  expect(rows[1]?.cells[9]).toEqual({ level: 7, costText: '$7.00', text: 'Tuesday, 09:00: $7.00' })
  expect(rows[2]?.cells[10]?.level).toBe(1)
  expect(rows[0]?.cells[0]?.level).toBe(0)
  expect(summary).toBe('Most was used on Tuesdays from 09:00 to 10:00: $7.00 in four weeks.')
})

test('a month without use has no colour at all', () => {
  const { rows, summary } = prepareHeatMap(empty())
  expect(new Set(rows.flatMap(({ cells }) => cells.map(({ level }) => level)))).toEqual(new Set([0]))
  expect(summary).toBe('Nothing was used in the last four weeks.')
})
