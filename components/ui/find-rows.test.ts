import { expect, test } from 'vitest'
import { findRows, offerOf } from './find-rows'

const rows = ['Team-A.example.com', 'team-b.example.com', 'other.example.org']
const textOf = (row: string) => row

test('a row is found by a part of its text, in capitals or not', () => {
  expect(findRows({ rows, textOf, wanted: ' TEAM- ' })).toEqual(['Team-A.example.com', 'team-b.example.com'])
})

test('nothing wanted finds every row', () => {
  expect(findRows({ rows, textOf, wanted: '  ' })).toBe(rows)
})

test('what is typed is text, not a pattern', () => {
  expect(findRows({ rows, textOf, wanted: 'team.a' })).toEqual([])
})

test('the next press shows one lot more, and all where that is not too many', () => {
  expect(offerOf(20, 200, 20)).toEqual({ more: 20, isAllOffered: true })
})

test('a list of thousands is not shown at once', () => {
  expect(offerOf(50, 3_000, 50)).toEqual({ more: 50, isAllOffered: false })
})

test('where one press shows the rest, it is offered once', () => {
  expect(offerOf(20, 33, 20)).toEqual({ more: 13, isAllOffered: false })
})

test('nothing is offered where all is shown', () => {
  expect(offerOf(20, 3, 20)).toEqual({ more: 0, isAllOffered: false })
})
