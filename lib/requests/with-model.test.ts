import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withModel } from './with-model'

test('only the model changes; spaces, big numbers and the order of keys stay', () => {
  const text = '{ "max_tokens" : 12345678901234567890, "model":"claude-opus-5-5" ,"a":1.0e+2}'
  expect(withModel(text, 'claude-haiku-5-5')).toBe(
    '{ "max_tokens" : 12345678901234567890, "model":"claude-haiku-5-5" ,"a":1.0e+2}',
  )
})

test('a model inside of messages or of text is not the model', () => {
  const text = '{"messages":[{"model":"x","text":"\\"model\\":\\"y\\\\"}],"system":"model","model":"z"}'
  expect(withModel(text, 'new')).toBe(text.replace('"model":"z"', '"model":"new"'))
})

test('whatever the body, parsing it gives the same but for the model', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.boolean(), (more, model, isIndented) => {
      const body = { ...more, model: 'old', stream: true }
      const text = JSON.stringify(body, null, isIndented ? 2 : undefined)
      expect(JSON.parse(withModel(text, model))).toEqual(JSON.parse(JSON.stringify({ ...body, model })))
    }),
    { numRuns: 300 },
  )
})
