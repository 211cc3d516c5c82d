import { randomUUID } from 'node:crypto'
import type { StageAsk } from './stage'

/** How the client ends a call: it reads the answer, or leaves once that text has come, or before anything has. */
type Leaving = 'never' | 'after text' | 'before the answer'

export interface MixedCall {
  readonly name: string
  readonly body: Buffer
  readonly ask: Pick<StageAsk, 'target' | 'scenario'>
  readonly leaves: Leaving
}

interface Kind {
  readonly scenario?: string
  readonly target?: string
  readonly leaves?: Leaving
  readonly model?: string
  readonly more?: object
  /** Bytes of prompt beyond the usual. */
  readonly padding?: number
}

const cached = (ttl?: '1h') => ({
  system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ...(ttl ? { ttl } : {}) } }],
})
const whole = { stream: false }

/** Every kind of answer, and of an end without one, that a usage figure can come from. */
const kinds: readonly Kind[] = [
  {},
  { more: whole },
  { more: cached() },
  { more: { ...cached('1h'), ...whole }, model: 'claude-sonnet-4-6' },
  { more: cached('1h'), model: 'claude-fable-5-2' },
  { scenario: 'thinking', model: 'claude-sonnet-5-5' },
  { scenario: 'tool-use', model: 'claude-haiku-4-5', more: cached() },
  { scenario: 'web-search', more: { inference_geo: 'us', ...cached() } },
  { scenario: 'web-search', more: whole, model: 'claude-sonnet-5-5' },
  { scenario: 'iterations', model: 'claude-sonnet-5-5', more: cached() },
  { scenario: 'iterations', more: { ...whole, inference_geo: 'us' } },
  { scenario: 'compaction', more: cached('1h') },
  { scenario: 'compaction', more: whole },
  { scenario: 'fallback', model: 'claude-fable-5-2', more: cached() },
  { scenario: 'refusal', model: 'claude-fable-5-2' },
  { scenario: 'refusal', more: whole },
  { scenario: 'max-tokens' },
  { scenario: 'multibyte?split=bytes', more: cached() },
  { scenario: 'unknown-events', model: 'claude-haiku-4-5' },
  { scenario: 'gzip', more: cached() },
  { scenario: 'crlf' },
  { more: { speed: 'fast', ...cached() } },
  { more: { speed: 'fast', inference_geo: 'us', ...whole } },
  { model: 'claude-haiku-5-5', more: cached() },
  { model: 'claude-haiku-5-5', padding: 410_000 },
  { model: 'claude-nova-preview' },
  { scenario: 'error?status=400' },
  { scenario: 'error?status=404' },
  { scenario: 'error?status=500' },
  { scenario: 'error?status=529' },
  { scenario: 'error-mid-stream', more: cached() },
  { scenario: 'reset-mid-event' },
  { scenario: 'reset-between-events', model: 'claude-sonnet-5-5' },
  { scenario: 'fin-mid-chunk' },
  { scenario: 'reset-before-headers' },
  { scenario: 'silent-mid-stream', leaves: 'after text', more: cached() },
  { scenario: 'silent', leaves: 'before the answer' },
  { target: '/v1/messages/count_tokens', more: whole },
]

/** So many calls, of every kind in turn, each with a body of its own. */
export function mixCalls(count: number): MixedCall[] {
  return Array.from({ length: count }, (_, index) => callOf(kinds[index % kinds.length] ?? {}))
}

function callOf({
  scenario,
  target,
  leaves = 'never',
  model = 'claude-opus-5-5',
  more = {},
  padding = 0,
}: Kind): MixedCall {
  const content = `${'A long prompt. '.repeat(Math.ceil(padding / 15))}Say something short. (${randomUUID()})`
  const body = { model, max_tokens: 64, messages: [{ role: 'user', content }], stream: true, ...more }
  const name = `${scenario ?? target ?? 'agent'}, ${model}, ${JSON.stringify(more)}`
  return { name, body: Buffer.from(JSON.stringify(body)), ask: { scenario, target }, leaves }
}
