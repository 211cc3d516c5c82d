import { expect, test } from 'vitest'
import { formatBytes, formatCostUsd, formatCount } from '@/lib/format'
import type { TimeBar } from './time-bars'
import { chooseByteAxis, chooseValueAxis } from './value-axis'

const series = [
  { key: 'a', name: 'A', color: 'red' },
  { key: 'b', name: 'B', color: 'blue' },
]
const aBar = (values: Record<string, number>) => ({ values }) as TimeBar

test('counts are marked by whole numbers', () => {
  expect(chooseValueAxis(series, [aBar({ a: 1 })], formatCount).allowDecimals).toBe(false)
  expect(chooseValueAxis(series, [aBar({ a: 0.5 })], formatCount).allowDecimals).toBe(true)
})

test('where the steps of the usual marks read alike, only the ends are marked', () => {
  const dollars = (value: number) => formatCostUsd(String(value))
  expect(chooseValueAxis(series, [aBar({ a: 0.0003 })], dollars).tickCount).toBe(2)
  expect(chooseValueAxis(series, [aBar({ a: 0.2, b: 0.2 })], dollars).tickCount).toBe(5)
})

test('a chart of nothing keeps its usual marks', () => {
  expect(chooseValueAxis(series, [], formatCount)).toEqual({ allowDecimals: false, tickCount: 5 })
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
