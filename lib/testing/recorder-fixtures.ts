import { newId } from '@/lib/ids'
import type { ExchangeBegin, ExchangeEnd, Recording } from '@/lib/proxy/ports'
import type { BodyStore } from '@/lib/recorder/body-store'

/** Building blocks for tests of what is recorded. */

export const testDomainId = '0192a1b2-0000-7000-8000-00000000000a'

export function aBegin(more: Partial<ExchangeBegin> = {}): ExchangeBegin {
  return {
    requestId: newId(),
    receivedAtMs: Date.now(),
    caller: {
      domainId: testDomainId,
      domain: 'team-a.example.com',
      clientKeyId: null,
      mode: 'account',
      capture: 'full',
    },
    domain: 'team-a.example.com',
    method: 'POST',
    target: '/v1/messages?beta=true',
    requestHeaders: [
      ['content-type', 'application/json'],
      ['user-agent', 'Anthropic/JS 1.12.0'],
    ],
    body: Buffer.from(
      JSON.stringify({
        model: 'claude-sonnet-4-5-20250929',
        max_tokens: 100,
        stream: true,
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    ),
    ...more,
  }
}

export function anEnd(more: Partial<ExchangeEnd> = {}): ExchangeEnd {
  return {
    outcome: 'completed',
    status: 200,
    accountId: 'acc_test',
    ownErrorType: null,
    firstByteMs: 12,
    durationMs: 34,
    forwardedHeaders: [['content-type', 'application/json']],
    responseHeaders: [
      ['content-type', 'text/event-stream; charset=utf-8'],
      ['request-id', 'req_test'],
    ],
    attempts: [
      {
        accountId: 'acc_test',
        startedAtMs: Date.now(),
        durationMs: 30,
        status: 200,
        error: null,
        reason: 'only account',
      },
    ],
    ...more,
  }
}

/** A whole Messages stream; 12 tokens in, 7 out. */
export function streamOf(...texts: string[]): Buffer {
  const usage = { input_tokens: 12, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  const message = {
    id: 'msg_test',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  const events: { type: string; [field: string]: unknown }[] = [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...texts.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ]
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))
}

/** Plays one exchange through a recorder in one go. */
export function playExchange(
  recorder: { record(begin: ExchangeBegin): Recording },
  begin: ExchangeBegin,
  { response, end }: { response?: Buffer; end?: ExchangeEnd },
): void {
  const recording = recorder.record(begin)
  if (response) recording.chunk(response)
  recording.end(end ?? anEnd())
}

/** Records no content. */
export const keepNothing: BodyStore = {
  prepare: async () => null,
  write: async () => undefined,
  committed: () => undefined,
  distrust: () => undefined,
}
