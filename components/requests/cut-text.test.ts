import { expect, test } from 'vitest'
import { cutText, drawnWidth, findMatches } from './cut-text'

test('a long line is cut, and only its beginning has a number', () => {
  const { lines, starts } = cutText(`a\n${'b'.repeat(drawnWidth + 1)}\n\nc`)
  expect(lines.map(({ number, text }) => [number, text.length])).toEqual([
    [1, 1],
    [2, drawnWidth],
    [null, 1],
    [3, 0],
    [4, 1],
  ])
  expect(starts).toEqual([0, 1, 3, 4])
})

test('matches are found in any case and behind a cut', () => {
  const text = `x Error\n${'-'.repeat(drawnWidth)}error`
  expect(findMatches(text, 'ERROR', cutText(text))).toEqual([
    { line: 0, from: 2, length: 5 },
    { line: 2, from: 0, length: 5 },
  ])
})

test('a match that runs over a cut is found where it begins', () => {
  const text = `${'-'.repeat(drawnWidth - 2)}needle`
  expect(findMatches(text, 'needle', cutText(text))).toEqual([{ line: 0, from: drawnWidth - 2, length: 6 }])
})

test('an empty search finds nothing, and a search of one letter ends', () => {
  const text = 'a'.repeat(100_000)
  expect(findMatches(text, '', cutText(text))).toEqual([])
  expect(findMatches(text, 'a', cutText(text))).toHaveLength(2_000)
})
