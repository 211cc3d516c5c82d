import { expect, test } from 'vitest'
import { buildCsv } from './csv'

test('cells with commas, quotes and line breaks are quoted', () => {
  expect(buildCsv(['a', 'b'], [['x,y', 'say "hi"\n']])).toBe('a,b\r\n"x,y","say ""hi""\n"\r\n')
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', ' =1+1', '\n=1', '=HYPERLINK("http://x","y")'])(
  'a spreadsheet shows %j as text',
  (text) => {
    const [, cell] = buildCsv(['a'], [[text]]).split('\r\n', 2)
    expect(cell?.replace(/^"/, '').startsWith("'")).toBe(true)
  },
)

test('negative numbers stay numbers, nothing is an empty cell', () => {
  expect(buildCsv(['a', 'b'], [[-5, null]])).toBe('a,b\r\n-5,\r\n')
})
