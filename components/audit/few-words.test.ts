import { expect, test } from 'vitest'
import { fewWords } from './few-words'

test('a short detail is a few words', () => {
  expect(fewWords('{"domain":"team-a.example.com"}')).toBe('domain: team-a.example.com')
  expect(fewWords('{"rows":12,"isWhole":true}')).toBe('rows: 12, isWhole: true')
})

test.each([
  ['before and after', '{"before":{"name":"a"},"after":{"name":"b"}}'],
  ['a long text', JSON.stringify({ reason: 'x'.repeat(80) })],
  ['a text that was cut', '{"domain":"team-'],
  ['a list', '["a"]'],
])('%s is no few words', (_name, detail) => expect(fewWords(detail)).toBeNull())
