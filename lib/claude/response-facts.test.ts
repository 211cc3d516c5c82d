import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readResponseFacts } from './response-facts'

test('a stream tells its model, id, stop reason and final numbers', () => {
  const facts = factsOf('text')
  expect(facts).toMatchObject({
    servedModel: 'claude-opus-5-5',
    messageId: 'msg_01TextAAAAAAAAAAAAAAAAAA',
    stopReason: 'end_turn',
    toolCallCount: 0,
    errorType: null,
    isStream: true,
    isComplete: true,
    isPartial: false,
    estimatedOutputTokens: null,
    isRefusedBeforeOutput: false,
    tokens: {
      inputTokens: 12,
      outputTokens: 42,
      cacheCreationInputTokens: 100,
      cacheCreation5mTokens: 0,
      cacheCreation1hTokens: 100,
      cacheReadInputTokens: 2000,
      thinkingTokens: 7,
      webSearchRequests: 0,
    },
  })
  expect(JSON.parse(facts.usageJson ?? '')).toEqual(facts.usage)
})

test('line ends make no difference', () => {
  expect(factsOf('text')).toEqual(factsOf('crlf'))
})

test('server tools raise the input of the start; the end is right', () => {
  expect(factsOf('web-search').tokens).toMatchObject({ inputTokens: 10_682, outputTokens: 510, webSearchRequests: 1 })
})

test('tool calls of the client are counted, those of the server are not', () => {
  expect(factsOf('tool-use').toolCallCount).toBe(2)
  expect(factsOf('web-search').toolCallCount).toBe(0)
})

test('iterations stay in the raw usage', () => {
  expect(factsOf('compaction').usage?.iterations).toMatchObject([{ type: 'compaction' }, { type: 'message' }])
})

test('after a fallback the model that served is named', () => {
  expect(factsOf('fallback').servedModel).toBe('claude-opus-5-5')
})

test('after a fallback without a marker block the iteration names the model', () => {
  const usage = { output_tokens: 1, iterations: [{ type: 'fallback_message', model: 'claude-opus-5-5' }] }
  expect(factsOfJson({ type: 'message', model: 'claude-fable-5-2', content: [], usage }).servedModel).toBe(
    'claude-opus-5-5',
  )
})

test('a refusal before any output is marked, one after some output is not', () => {
  expect(factsOf('refusal')).toMatchObject({ isRefusedBeforeOutput: true, stopReason: 'refusal', isPartial: false })
  expect(factsOf('refusal-mid-stream').isRefusedBeforeOutput).toBe(false)
})

test('an error after status 200 is an error, and what was counted so far is kept as partial', () => {
  expect(factsOf('error-mid-stream')).toMatchObject({
    errorType: 'overloaded_error',
    isComplete: false,
    isPartial: true,
    estimatedOutputTokens: 7,
    tokens: { inputTokens: 12, outputTokens: 1 },
  })
})

test('a stream that was cut off is partial, its output a guess from the text', () => {
  expect(factsOf('truncated')).toMatchObject({
    isComplete: false,
    isPartial: true,
    estimatedOutputTokens: 7,
    stopReason: null,
  })
})

test('hidden thinking that was hinted at counts towards the guess', () => {
  const text = fixture('thinking-omitted').toString()
  const cut = text.slice(0, text.indexOf('event: message_delta'))
  expect(factsOfStream(cut)).toMatchObject({ isPartial: true, estimatedOutputTokens: 102 })
})

test('a stream whose numbers and stop reason came is not partial though message_stop is missing', () => {
  const text = fixture('text').toString()
  const cut = text.slice(0, text.indexOf('event: message_stop'))
  expect(factsOfStream(cut)).toMatchObject({ isComplete: false, isPartial: false, tokens: { outputTokens: 42 } })
})

test('numbers that came before the stop reason are not yet final', () => {
  const text = fixture('text').toString().replace('"stop_reason":"end_turn"', '"stop_reason":null')
  expect(factsOfStream(text)).toMatchObject({ isPartial: false })
  expect(factsOfStream(text.slice(0, text.indexOf('event: message_stop')))).toMatchObject({ isPartial: true })
})

test('a missing final blank line loses nothing', () => {
  expect(factsOf('no-final-blank-line')).toEqual(factsOf('text'))
})

test('an event of 10 MB is read like any other', () => {
  const long = 'x'.repeat(10_000_000)
  const { message, tokens } = factsOfStream(fixture('text').toString().replace('"Hi"', `"${long}"`))
  expect(tokens?.outputTokens).toBe(42)
  expect(JSON.stringify(message?.content)).toHaveLength(
    long.length + '[{"type":"text","text":"! The capital of France is Paris."}]'.length,
  )
})

test('an event of 20 MB is passed over, and what comes around it is read', () => {
  const long = 'x'.repeat(20 * 1024 * 1024)
  const { message, tokens, isComplete } = factsOfStream(fixture('text').toString().replace('"Hi"', `"${long}"`))
  expect(tokens?.outputTokens).toBe(42)
  expect(isComplete).toBe(true)
  expect(message?.content).toEqual([{ type: 'text', text: '! The capital of France is Paris.' }])
})

test('a JSON message tells the same as a stream', () => {
  const streamed = factsOf('tool-use')
  const whole = factsOfJson(streamed.message)
  expect(whole).toEqual({ ...streamed, isStream: false })
})

test('a stream is known by its first bytes when the content type is missing', () => {
  const bytes = fixture('text')
  expect(readResponseFacts({ status: 200, contentType: null, contentEncoding: null, bytes }).isStream).toBe(true)
})

test('a compressed stream is read, and so is one whose encoding is a lie', () => {
  const plain = fixture('text')
  const source = { status: 200, contentType: 'text/event-stream', contentEncoding: 'gzip' }
  expect(readResponseFacts({ ...source, bytes: gzipSync(plain) })).toEqual(factsOf('text'))
  expect(readResponseFacts({ ...source, bytes: plain })).toEqual(factsOf('text'))
})

test('a compressed stream that was cut off is read as far as it goes', () => {
  const bytes = gzipSync(fixture('text')).subarray(0, -40)
  const facts = readResponseFacts({ status: 200, contentType: 'text/event-stream', contentEncoding: 'gzip', bytes })
  expect(facts).toMatchObject({ isPartial: true, tokens: { inputTokens: 12 } })
})

test('counting tokens costs none', () => {
  expect(factsOfJson({ input_tokens: 2095 })).toMatchObject({
    tokens: null,
    usage: null,
    message: null,
    isComplete: true,
  })
})

test('numbers that a double cannot hold are not taken for counts', () => {
  const message = { type: 'message', content: [], usage: { input_tokens: 2 ** 60, output_tokens: 3 } }
  expect(factsOfJson(message).tokens).toMatchObject({ inputTokens: 0, outputTokens: 3 })
})

test('a list of models is whole and says nothing about tokens', () => {
  expect(factsOfJson({ data: [], has_more: false })).toMatchObject({ tokens: null, errorType: null, isComplete: true })
})

test('an error of the upstream keeps its type', () => {
  const body = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' }, request_id: 'req_1' }
  expect(factsOfJson(body, 429)).toMatchObject({
    errorType: 'rate_limit_error',
    tokens: null,
  })
})

test.each([
  [413, 'request_too_large'],
  [529, 'overloaded_error'],
  [502, 'api_error'],
  [418, 'invalid_request_error'],
])('a page of HTML with status %i counts as %s', (status, type) => {
  const bytes = Buffer.from('<html>no</html>')
  const facts = readResponseFacts({ status, contentType: 'text/html', contentEncoding: null, bytes })
  expect(facts).toMatchObject({ errorType: type, isComplete: false })
})

test('an error that is only text gets the type of its status', () => {
  const facts = factsOfJson({ error: 'Unauthorized', message: 'Invalid client API key' }, 401)
  expect(facts).toMatchObject({ errorType: 'authentication_error' })
})

test('counters that are no counts are left out, not rounded', () => {
  const text =
    '{"type":"message","content":[],"usage":{"input_tokens":1e400,"output_tokens":1152921504606846977,"cache_read_input_tokens":-5}}'
  const facts = readResponseFacts({
    status: 200,
    contentType: 'application/json',
    contentEncoding: null,
    bytes: Buffer.from(text),
  })
  expect(facts.tokens).toMatchObject({ inputTokens: 0, outputTokens: 0, cacheReadInputTokens: 0 })
})

test('usage nested 100 000 deep does no harm', () => {
  const deep = `{"type":"message","usage":{"output_tokens":1,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`
  const facts = readResponseFacts({ status: 200, contentType: null, contentEncoding: null, bytes: Buffer.from(deep) })
  expect(facts).toMatchObject({ tokens: { outputTokens: 1 }, usageJson: null })
})

test('no script of events, cut off anywhere, makes it throw or claim more than arrived', () => {
  const names = ['text', 'tool-use', 'thinking', 'web-search', 'compaction', 'fallback', 'unknown', 'multibyte', 'crlf']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }), fc.nat(), (script, seed) => {
      const bytes = Buffer.concat(script.map(fixture))
      const cut = seed % (bytes.length + 1)
      const facts = factsOfStream(bytes.subarray(0, cut))
      expect(facts.isComplete && facts.isPartial).toBe(false)
      if (facts.tokens && !facts.isPartial) expect(facts.tokens.outputTokens).toBeGreaterThan(1)
    }),
    { numRuns: 500 },
  )
})

test('no bytes at all make it throw', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((json) => Buffer.from(json)),
  )
  const coding = fc.constantFrom(null, 'gzip', 'br', 'deflate', 'zstd', 'nonsense', 'gzip, br')
  fc.assert(
    fc.property(
      text,
      coding,
      fc.constantFrom(null, 'text/event-stream', 'x'),
      (bytes, contentEncoding, contentType) => {
        expect(readResponseFacts({ status: 200, contentType, contentEncoding, bytes })).toHaveProperty('tokens')
      },
    ),
    { numRuns: 1000 },
  )
})

function factsOf(name: string) {
  return factsOfStream(fixture(name))
}

function factsOfStream(stream: string | Uint8Array) {
  const contentType = 'text/event-stream; charset=utf-8'
  return readResponseFacts({ status: 200, contentType, contentEncoding: null, bytes: Buffer.from(stream) })
}

function factsOfJson(body: unknown, status = 200) {
  const bytes = Buffer.from(JSON.stringify(body))
  return readResponseFacts({ status, contentType: 'application/json', contentEncoding: null, bytes })
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/${name}.sse`, import.meta.url))
}
