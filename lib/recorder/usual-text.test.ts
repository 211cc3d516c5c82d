import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentTypes, linkReasons } from './usual-text'

test('a usual text is stored in two or three letters', () => {
  expect(contentTypes.shorten('text/event-stream; charset=utf-8')).toBe('~su')
  expect(linkReasons.shorten('continues the transcript and its answer')).toBe('~a')
})

test('every text comes back as it was', () => {
  const tricky = fc.constantFrom(
    '',
    '~',
    '~~',
    '~j',
    '~su',
    'j',
    'application/json',
    'text/event-stream; charset=utf-8',
  )
  fc.assert(
    fc.property(fc.oneof(fc.string(), tricky), (text) => {
      expect(contentTypes.spell(contentTypes.shorten(text))).toBe(text)
    }),
  )
})

test('what was stored before there were short names is read as it stands', () => {
  expect(linkReasons.spell('first turn')).toBe('first turn')
  expect(linkReasons.spell(null)).toBeNull()
})
