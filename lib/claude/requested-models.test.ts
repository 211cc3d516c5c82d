import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { allowsModels, readRequestedModels, sentBody } from './requested-models'

const read = (body: unknown, headers: [string, string][] = []) =>
  readRequestedModels(sentBody(headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))))

describe('the models that a body asks for', () => {
  it('are its own, those of fallbacks and of tools', () => {
    const tools = [{ type: 'advisor', model: 'claude-opus-5-5' }]
    const body = { model: 'claude-haiku-5', fallbacks: [{ model: 'claude-sonnet-5' }], tools, messages: [] }
    expect(new Set(read(body))).toEqual(new Set(['claude-haiku-5', 'claude-sonnet-5', 'claude-opus-5-5']))
  })

  it('are those of every call of a batch', () => {
    const requests = ['claude-haiku-5', 'claude-opus-5-5'].map((model) => ({ params: { model, messages: [] } }))
    expect(new Set(read({ requests }))).toEqual(new Set(['claude-haiku-5', 'claude-opus-5-5']))
  })

  it('are not what people and tools wrote', () => {
    const messages = [{ role: 'user', content: [{ type: 'tool_result', content: { model: 'gpt' } }] }]
    const tools = [{ name: 'x', input_schema: { properties: { model: 'string' } } }]
    expect(read({ model: 'claude-haiku-5', messages, tools })).toEqual(['claude-haiku-5'])
  })

  it('are none where there is no body, and in an upload', () => {
    expect(read('')).toEqual([])
    expect(read('--boundary', [['Content-Type', 'multipart/form-data; boundary=boundary']])).toEqual([])
  })

  it('are found in a compressed body', () => {
    const bytes = gzipSync(JSON.stringify({ model: 'claude-haiku-5' }))
    expect(readRequestedModels(sentBody([['content-encoding', 'gzip']], bytes))).toEqual(['claude-haiku-5'])
  })

  it('cannot be told from a body that cannot be read', () => {
    expect(read('{"model": NaN')).toBeNull()
    expect(read('{}', [['content-encoding', 'zebra']])).toBeNull()
    expect(read('7')).toBeNull()
  })

  it('are found however deep a body is nested', () => {
    expect(read(`${'['.repeat(100_000)}{"model":"deep"}${']'.repeat(100_000)}`)).toEqual(['deep'])
  })
})

describe('a list of allowed models', () => {
  it('names models, or how they begin', () => {
    expect(allowsModels(['claude-haiku-*', 'claude-opus-5-5'], ['Claude-Haiku-5', 'claude-opus-5-5'])).toBe(true)
    expect(allowsModels(['claude-haiku-*'], ['claude-haiku-5', 'claude-opus-5-5'])).toBe(false)
    expect(allowsModels(['claude-opus-5'], ['claude-opus-5-5'])).toBe(false)
  })

  it('allows everything when it is empty, calls without a model always, and nothing that cannot be told', () => {
    expect(allowsModels([], null)).toBe(true)
    expect(allowsModels(['claude-haiku-*'], [])).toBe(true)
    expect(allowsModels(['claude-haiku-*'], null)).toBe(false)
  })
})
