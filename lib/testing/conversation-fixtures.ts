import { createHash } from 'node:crypto'
import { newId } from '@/lib/ids'
import type { Recorder } from '@/lib/recorder/recorder'
import { aBegin, anEnd, testDomainId } from './recorder-fixtures'

/** Requests in the shapes that clients send, for the tests of linking. */

type Block = { readonly type: string; readonly [field: string]: unknown }
export interface Message {
  readonly role: 'user' | 'assistant' | 'system'
  readonly content: string | readonly Block[]
}

export interface Call {
  readonly requestId: string
  readonly atMs: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Record<string, unknown>
  readonly answer: readonly Block[] | null
  readonly messageId: string
  readonly status: number
  readonly serviceTier: string
  readonly domainId: string
}

interface CallOptions {
  readonly atMs: number
  readonly messages: readonly Message[]
  /** null: the upstream failed. */
  readonly answer: string | readonly Block[] | null
  readonly sessionId?: string
  readonly agentId?: string
  readonly parentAgentId?: string
  readonly body?: Record<string, unknown>
  readonly headers?: readonly (readonly [string, string])[]
  readonly messageId?: string
  /** What a call of the tier `priority` costs can only be estimated. */
  readonly serviceTier?: string
  readonly domainId?: string
}

export const startMs = Date.parse('2026-11-22T10:00:00.000Z')

export function text(value: string, more: object = {}): Block {
  return { type: 'text', text: value, ...more }
}

export const user = (content: Message['content']): Message => ({ role: 'user', content })
export const assistant = (content: Message['content']): Message => ({ role: 'assistant', content })

export function callTool(id: string, name: string, input: object): Block {
  return { type: 'tool_use', id, name, input }
}

export function toolResult(id: string, content: string): Block {
  return { type: 'tool_result', tool_use_id: id, content }
}

export function aCall(options: CallOptions): Call {
  const { atMs, messages, answer, sessionId, agentId, parentAgentId } = options
  const requestId = newId(atMs)
  const header = (name: string, value: string | undefined): [string, string][] => (value ? [[name, value]] : [])
  return {
    requestId,
    atMs,
    headers: [
      ['content-type', 'application/json'],
      ['anthropic-beta', 'claude-code-20250219'],
      ...header('x-claude-code-session-id', sessionId),
      ...header('x-claude-code-agent-id', agentId),
      ...header('x-claude-code-parent-agent-id', parentAgentId),
      ...(options.headers ?? []),
    ],
    body: { model: 'claude-opus-5-5', max_tokens: 100, tools: [{ name: 'Bash' }], messages, ...options.body },
    answer: typeof answer === 'string' ? [text(answer)] : answer,
    messageId: options.messageId ?? `msg_${createHash('sha256').update(requestId).digest('hex').slice(0, 20)}`,
    status: answer === null ? 529 : 200,
    serviceTier: options.serviceTier ?? 'standard',
    domainId: options.domainId ?? testDomainId,
  }
}

/** Plays a call through a recorder, as if the proxy had forwarded it. */
export function playCall(recorder: Pick<Recorder, 'record'>, call: Call): void {
  beginCall(recorder, call)()
}

/** A call that runs; ends when the answer is called. */
export function beginCall(recorder: Pick<Recorder, 'record'>, call: Call): () => void {
  const answer = call.answer
    ? {
        id: call.messageId,
        type: 'message',
        role: 'assistant',
        model: call.body.model,
        content: call.answer,
        stop_reason: 'end_turn',
        usage: {
          ...{ input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 100, cache_creation_input_tokens: 0 },
          service_tier: call.serviceTier,
        },
      }
    : { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
  const caller = aBegin().caller
  if (!caller) throw new Error('the fixture has a caller')
  const recording = recorder.record(
    aBegin({
      requestId: call.requestId,
      receivedAtMs: call.atMs,
      caller: { ...caller, domainId: call.domainId },
      requestHeaders: [...call.headers],
      body: Buffer.from(JSON.stringify(call.body)),
    }),
  )
  recording.chunk(Buffer.from(JSON.stringify(answer)))
  return () => recording.end(anEnd({ status: call.status, responseHeaders: [['content-type', 'application/json']] }))
}
