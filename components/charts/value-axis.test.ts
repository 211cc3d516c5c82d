import { expect, test } from 'vitest'
import { formatBytes, formatCostUsd, formatCount, formatDuration, formatPercent } from '@/lib/format'
import type { TimeBar } from './time-bars'
import { chooseByteAxis, chooseValueAxis, writeTicks } from './value-axis'

const series = [
  { key: 'a', name: 'A', color: 'red' },
  { key: 'b', name: 'B', color: 'blue' },
]
const aBar = (values: Record<string, number>) => ({ values }) as TimeBar

const dollars = (value: number) => formatCostUsd(String(value))
const marksOf = (top: number, write: (value: number) => string) => {
  const { ticks } = chooseValueAxis(series, [aBar({ a: top })], write)
  return writeTicks(ticks, write)
}

test('values are marked in round steps', () => {
  expect(marksOf(23, formatCount)).toEqual(['0', '10', '20', '30'])
  expect(marksOf(640_000, formatCount)).toEqual(['0', '200K', '400K', '600K', '800K'])
  expect(marksOf(0.18, dollars)).toEqual(['$0.00', '$0.05', '$0.10', '$0.15', '$0.20'])
  expect(marksOf(0.858, formatPercent)).toEqual(['0%', '25%', '50%', '75%', '100%'])
})

test('counts are marked by whole numbers', () => {
  expect(marksOf(1, formatCount)).toEqual(['0', '1'])
  expect(marksOf(9, formatCount)).toEqual(['0', '3', '6', '9'])
})

test('all marks have the decimals of the one that has most', () => {
  expect(marksOf(0.017, dollars)).toEqual(['$0.00', '$0.0050', '$0.0100', '$0.0150', '$0.0200'])
  expect(marksOf(1_900, formatDuration)).toEqual(['0 ms', '500 ms', '1.0 s', '1.5 s', '2.0 s'])
  expect(marksOf(1_700, formatCount)).toEqual(['0', '500', '1.0K', '1.5K', '2.0K'])
})

test('a mark of two numbers has no decimals', () => {
  expect(marksOf(150_000, formatDuration)).toEqual(['0 ms', '50.0 s', '1 m 40 s', '2 m 30 s'])
})

test('where the steps of the usual marks read alike, only the ends are marked', () => {
  expect(chooseValueAxis(series, [aBar({ a: 0.00003 })], dollars).ticks).toHaveLength(2)
  expect(chooseValueAxis(series, [aBar({ a: 0.2, b: 0.2 })], dollars).ticks).toHaveLength(5)
})

test('a chart of nothing is marked by nothing', () => {
  expect(chooseValueAxis(series, [], formatCount).ticks).toEqual([0])
})

test('bytes are marked in steps that are round in their own units', () => {
  const marks = (top: number) => chooseByteAxis(series, [aBar({ a: top })]).ticks.map(formatBytes)
  expect(marks(1_500_000)).toEqual(['0 B', '512 KB', '1 MB', '1.5 MB'])
  expect(marks(900)).toEqual(['0 B', '256 B', '512 B', '768 B', '1 KB'])
})

test('the marks of bytes reach as high as the highest bar', () => {
  const { domain } = chooseByteAxis(series, [aBar({ a: 3 * 2 ** 30, b: 2 ** 30 })])
  expect(domain).toEqual([0, 2 ** 32])
})
