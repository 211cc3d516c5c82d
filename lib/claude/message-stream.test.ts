import { BetaMessageStream } from '@anthropic-ai/sdk/lib/BetaMessageStream'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createMessageStream } from './message-stream'
import { createSseReader } from './sse'

const wholeFixtures = [
  ...['text', 'crlf', 'ping', 'multibyte', 'tool-use', 'thinking', 'thinking-omitted', 'web-search'],
  ...['compaction', 'fallback', 'iterations', 'refusal', 'refusal-mid-stream'],
]

test.each(wholeFixtures)("%s becomes the message that Anthropic's SDK makes of it", async (name) => {
  const events = eventsOf(name)
  const { message, isStopped } = streamed(events)
  expect(isStopped).toBe(true)
  // The SDK drops stop_details when the last delta does not repeat its null.
  expect(message).toEqual({ stop_details: null, ...(await messageOfSdk(events)) })
})

test('final counters replace those of the start, what the end does not say stays', () => {
  const { usage, hasFinalUsage } = streamed(eventsOf('thinking'))
  expect(usage).toEqual({
    input_tokens: 12,
    cache_creation_input_tokens: 100,
    cache_read_input_tokens: 2000,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 100 },
    output_tokens: 89,
    output_tokens_details: { thinking_tokens: 31 },
    service_tier: 'standard',
    inference_geo: 'global',
  })
  expect(hasFinalUsage).toBe(true)
})

test('several message_deltas never add up, and null means not said', () => {
  const { message, usage } = streamed([
    { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 10, input_tokens: 7 } },
    { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 12, input_tokens: null } },
  ])
  expect(usage).toEqual({ input_tokens: 7, output_tokens: 12 })
  expect(message?.stop_reason).toBe('end_turn')
})

test('unknown events change nothing; unknown blocks, deltas and counters are kept as they came', () => {
  const { message, usage } = streamed(eventsOf('unknown'))
  expect(message?.content).toEqual([
    {
      type: 'hologram',
      layers: [],
      unknown_deltas: [
        { type: 'hologram_delta', layer: { depth: 1 } },
        { type: 'hologram_delta', layer: { depth: 2 } },
      ],
    },
    { type: 'text', text: 'Ok.', unknown_deltas: [{ type: 'mood_delta', mood: 'calm' }] },
  ])
  expect(usage?.new_counter_tokens).toBe(5)
  expect(message).toMatchObject({ stop_reason: 'daydreamed', new_top_level: { a: 1 } })
})

test('tool input that is not JSON is kept as the text it was', () => {
  expect(streamed(eventsOf('invalid-tool-json')).message?.content).toMatchObject([
    { type: 'tool_use', input: '{"path": "a.txt", "text": "never clo' },
  ])
})

test('tool input without a delta stays what the block began with', () => {
  expect(streamed(eventsOf('tool-use')).message?.content).toMatchObject([{}, {}, { name: 'list_cities', input: {} }])
})

test('a stream that breaks off keeps the text that had arrived', () => {
  const { message, isStopped, hasFinalUsage, receivedChars } = streamed(eventsOf('error-mid-stream'))
  expect(message?.content).toEqual([{ type: 'text', text: 'The first half of the ans' }])
  expect({ isStopped, hasFinalUsage, receivedChars }).toEqual({
    isStopped: false,
    hasFinalUsage: false,
    receivedChars: 25,
  })
})

test('deltas whose block never began still show their text', () => {
  const { message } = streamed([{ type: 'content_block_delta', index: 3, delta: { type: 'text_delta', text: 'late' } }])
  expect(message?.content).toEqual([{ type: 'text', text: 'late' }])
})

test('blocks stand in the order of their indexes, however they came', () => {
  const { message } = streamed([
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: 'second' } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'first' } },
  ])
  expect(message?.content).toMatchObject([{ text: 'first' }, { text: 'second' }])
})

test('a key named __proto__ changes no object but its own', () => {
  const delta = JSON.parse('{"__proto__":{"stop_reason":"polluted"}}') as unknown
  const { message, usage } = streamed([
    { type: 'message_start', message: { id: 'msg_1' } },
    { type: 'message_delta', delta, usage: delta },
  ])
  expect(message?.stop_reason).toBeUndefined()
  expect(usage?.stop_reason).toBeUndefined()
  expect(({} as Record<string, unknown>).stop_reason).toBeUndefined()
})

test('text with NUL and lone surrogates passes through', () => {
  const text = 'a\u0000b\ud800c'
  const { message } = streamed([{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }])
  expect(message?.content).toEqual([{ type: 'text', text }])
})

test('no sequence of events makes it throw', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(hostileEvent, fc.jsonValue()), { maxLength: 30 }), (events) => {
      const result = streamed(events)
      expect(() => JSON.stringify(result)).not.toThrow()
    }),
    { numRuns: 1500 },
  )
})

const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(Number.POSITIVE_INFINITY), fc.constant(2 ** 60))
const hostileEvent = fc.record(
  {
    type: fc.constantFrom(
      ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta'],
      ...['message_stop', 'error', 'ping', 'toString', '__proto__'],
    ),
    index: fc.oneof(fc.integer({ min: -2, max: 3 }), anything),
    message: fc.oneof(fc.record({ content: anything, usage: anything, model: anything }), anything),
    content_block: fc.oneof(
      fc.record({ type: fc.constantFrom('text', 'tool_use', 'fallback'), text: anything, to: anything }),
      anything,
    ),
    delta: fc.oneof(
      fc.record({
        type: fc.constantFrom(
          ...['text_delta', 'input_json_delta', 'thinking_delta', 'signature_delta', 'citations_delta'],
          ...['compaction_delta', 'constructor'],
        ),
        text: anything,
        partial_json: anything,
        thinking: anything,
        content: anything,
        citation: anything,
        estimated_tokens: anything,
      }),
      anything,
    ),
    usage: fc.oneof(fc.record({ output_tokens: anything, iterations: anything }), anything),
  },
  { requiredKeys: ['type'] },
)

function streamed(events: readonly unknown[]) {
  const stream = createMessageStream()
  for (const event of events) stream.add(event)
  return stream.result()
}

function eventsOf(name: string): unknown[] {
  const events: unknown[] = []
  const reader = createSseReader({ onEvent: (event) => events.push(JSON.parse(event.data)) })
  reader.push(readFileSync(new URL(`./fixtures/${name}.sse`, import.meta.url)))
  reader.end()
  return events
}

/** The SDK reads events as one JSON document a line, and adds what it parsed of structured output. */
async function messageOfSdk(events: readonly unknown[]): Promise<object> {
  const lines = events
    .filter((event) => (event as { type: string }).type !== 'ping')
    .map((event) => `${JSON.stringify(event)}\n`)
  const message = await BetaMessageStream.fromReadableStream(new Blob(lines).stream()).finalMessage()
  return JSON.parse(
    JSON.stringify(message, (key, value: unknown) => (key === 'parsed_output' ? undefined : value)),
  ) as object
}
