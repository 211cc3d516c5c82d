import { expect, test } from 'vitest'
import { cleanText } from './clean-text'

test('terminal colours are left out', () => {
  expect(cleanText('\u001b[1;31mred\u001b[0m plain')).toBe('red plain')
  expect(cleanText('\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007')).toBe('link')
})

test('an unfinished terminal sequence hides nothing', () => {
  expect(cleanText('a\u001b]0;title and all the rest')).toBe('a‹U+001B›]0;title and all the rest')
})

test('characters that reorder or hide text are shown', () => {
  expect(cleanText('user\u202Etxt.exe')).toBe('user‹U+202E›txt.exe')
  expect(cleanText('zero\u200Bwidth')).toBe('zero‹U+200B›width')
  expect(cleanText('bell\u0007')).toBe('bell‹U+0007›')
})

test('tabs, newlines and families of emoji stay', () => {
  expect(cleanText('a\tb\r\nc')).toBe('a\tb\nc')
  expect(cleanText('👩\u200d👩\u200d👧')).toBe('👩\u200d👩\u200d👧')
})
