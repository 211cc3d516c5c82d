import { expect, test } from 'vitest'
import { readAnsi } from './ansi-text'

test('colours begin and end where the terminal would change them', () => {
  expect(readAnsi('ok \u001b[31mred \u001b[1mbold\u001b[0m plain')).toEqual([
    { text: 'ok ', look: '' },
    { text: 'red ', look: 'text-danger' },
    { text: 'bold', look: 'text-danger font-semibold' },
    { text: ' plain', look: '' },
  ])
})

test('a colour replaces a colour, and the default colour ends it', () => {
  expect(readAnsi('\u001b[32ma\u001b[36mb\u001b[39mc')).toEqual([
    { text: 'a', look: 'text-ok' },
    { text: 'b', look: 'text-chart-3' },
    { text: 'c', look: '' },
  ])
})

test('text without colours is none of its business, and neither is a flood of them', () => {
  expect(readAnsi('plain \u001b[2K line')).toBeNull()
  expect(readAnsi('\u001b[31mx'.repeat(5_000))).toBeNull()
})
