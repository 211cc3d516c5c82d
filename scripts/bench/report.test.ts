import { expect, test } from 'vitest'
import { figure, table } from './report'

test('a table is Markdown with columns that line up', () => {
  expect(
    table(
      ['', 'ms'],
      [
        ['nginx', '0.11'],
        ['Nexus', 10],
      ],
    ),
  ).toBe(['|       | ms   |', '| ----- | ---- |', '| nginx | 0.11 |', '| Nexus | 10   |'].join('\n'))
})

test('a figure has three digits at most behind its size', () => {
  expect([1234.5, 12.34, 1.234, 0.0567].map(figure)).toEqual(['1235', '12.3', '1.23', '0.06'])
})
