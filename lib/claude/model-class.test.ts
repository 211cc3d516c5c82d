import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readModelClass } from './model-class'

const classOf = (body: unknown) => readModelClass(sent(Buffer.from(JSON.stringify(body))))
const sent = (bytes: Uint8Array, contentEncoding: string | null = null) => ({
  bytes,
  contentType: 'application/json',
  contentEncoding,
})

describe('the class of models that an API key has limits for', () => {
  it.each([
    ['claude-opus-4-8', 'claude-opus-4.x'],
    ['claude-opus-4-5-20251101', 'claude-opus-4.x'],
    ['claude-sonnet-4-6', 'claude-sonnet-4.x'],
    ['claude-fable-5-2', 'claude-fable-5.x'],
    ['claude-fable-5', 'claude-fable-5.x'],
    ['claude-opus-5', 'claude-opus-5'],
    ['claude-opus-5-5[1m]', 'claude-opus-5-5'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
  ])('of %s is %s', (model, expected) => {
    expect(classOf({ model })).toBe(expected)
  })

  it('counts fast mode apart', () => {
    expect(classOf({ model: 'claude-opus-5-5', speed: 'fast' })).toBe('claude-opus-5-5 fast')
  })

  it('is that of the call, whatever its fallbacks and tools ask for', () => {
    const tools = [{ type: 'advisor', model: 'claude-fable-5-2' }]
    expect(classOf({ fallbacks: [{ model: 'claude-opus-5' }], tools, model: 'claude-haiku-5-5' })).toBe(
      'claude-haiku-5-5',
    )
  })

  it('is read from a compressed body', () => {
    const bytes = gzipSync(JSON.stringify({ model: 'claude-opus-5' }))
    expect(readModelClass(sent(bytes, 'gzip'))).toBe('claude-opus-5')
  })

  it.each([{}, { model: 7 }, { model: 'a\u0000b' }, { model: 'x'.repeat(100) }, 'text', null])(
    'cannot be told of %j',
    (body) => {
      expect(classOf(body)).toBeNull()
    },
  )
})
