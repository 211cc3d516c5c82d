import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseJson } from '@/lib/claude/json'
import { PieceParser } from './piece-parser'

const filler = 'x'.repeat(9_000)
const parse = (text: string, parser = new PieceParser()) => parser.parse(Buffer.from(text))

const element = fc.oneof(
  fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string({ maxLength: 900, unit: 'binary' }) }),
  fc.jsonValue(),
)
const body = fc.record({
  messages: fc.oneof(fc.array(element), fc.jsonValue()),
  system: fc.oneof(fc.array(element), fc.string()),
  tools: fc.array(element),
  more: fc.jsonValue(),
  filler: fc.constant(filler),
})

it('reads every body as JSON.parse reads it, the first time and again', () => {
  const parser = new PieceParser()
  fc.assert(
    fc.property(body, fc.constantFrom(undefined, 2), (value, space) => {
      const text = JSON.stringify(value, null, space)
      expect(parse(text, parser)).toEqual(JSON.parse(text))
      expect(parse(text, parser)).toEqual(JSON.parse(text))
    }),
  )
})

it('gives a piece that comes again the same value, wherever it stands', () => {
  const parser = new PieceParser()
  const message = { role: 'user', content: 'What is a quokka? '.repeat(40) }
  const one = parse(JSON.stringify({ messages: [message], filler }), parser) as { messages: unknown[] }
  const two = parse(JSON.stringify({ filler, messages: [{ role: 'user' }, message, message] }), parser)
  expect((two as { messages: unknown[] }).messages[1]).toBe(one.messages[0])
  expect((two as { messages: unknown[] }).messages[2]).toBe(one.messages[0])
})

it('tells pieces apart that begin alike', () => {
  const parser = new PieceParser()
  const begin = 'All the same. '.repeat(60)
  for (const end of ['one', 'two', 'one', 'three']) {
    const text = JSON.stringify({ messages: [{ role: 'user', content: begin + end }], filler })
    expect(parse(text, parser)).toEqual(JSON.parse(text))
  }
})

it.each([
  ['a comma at the end of a list', `{"filler":"${filler}","messages":[{"a":1},]}`],
  ['a comma at the end', `{"filler":"${filler}",}`],
  ['something behind the end', `{"filler":"${filler}"} x`],
  ['no end', `{"filler":"${filler}"`],
  ['a string without an end', `{"filler":"${filler}`],
  ['a bare word', `{"filler":"${filler}","messages":[nothing]}`],
  ['brackets that cross', `{"filler":"${filler}","messages":[{"a":[}]]}`],
  ['a missing comma', `{"filler":"${filler}" "a":1}`],
  ['a name that is no string', `{"filler":"${filler}",1:1}`],
  ['a byte order mark', `\uFEFF{"filler":"${filler}"}`],
])('says undefined to %s', (_name, text) => {
  expect(parse(text)).toBeUndefined()
})

it.each([
  ['a name given twice', `{"filler":"${filler}","messages":[1],"messages":[2]}`],
  ['a name that objects have anyway', `{"filler":"${filler}","__proto__":{"a":1},"constructor":2}`],
  ['a list', `["${filler}",{"messages":[]}]`],
  ['a string', `"${filler}"`],
  ['escapes at every end', `{"filler":"${filler}\\\\","a\\"b":"\\\\\\"","messages":[{"a":"\\\\"}]}`],
])('reads %s as JSON.parse reads it', (_name, text) => {
  expect(parse(text)).toEqual(parseJson(text))
  expect(JSON.stringify(parse(text))).toBe(JSON.stringify(parseJson(text)))
})

it('reads bytes that are no UTF-8 as text with replacements', () => {
  const bytes = Buffer.concat([
    Buffer.from(`{"filler":"${filler}","messages":[{"a":"`),
    Buffer.from([0xff]),
    Buffer.from('"}]}'),
  ])
  expect(new PieceParser().parse(bytes)).toEqual(JSON.parse(bytes.toString()))
})
