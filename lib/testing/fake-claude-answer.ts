import type { ServerResponse } from 'node:http'
import type { ExchangeRecord } from './fake-claude-exchange'
import {
  buildEvents,
  buildMessage,
  addUnknownEvents,
  event,
  finalUsage,
  type EventLines,
  type MessageSource,
} from './fake-claude-events'
import { frameOf, pause, readDelivery, Writer, type Delivery } from './fake-claude-delivery'
import { buildTurn } from './fake-claude-turns'
import { errorBody, sendJson } from './fake-claude-replies'
import { readMessagesBody } from './fake-claude-body'

/** One call as a scenario sees it. */
export interface Call {
  readonly record: ExchangeRecord
  readonly response: ServerResponse
  readonly params: URLSearchParams
  /** Aborts when the peer goes away or the fake is closed. */
  readonly signal: AbortSignal
}

/** Answers POST /v1/messages with the turn of that name, streamed or whole as the body asks. */
export async function answerMessage(call: Call, name: string): Promise<void> {
  const body = readMessagesBody(call.record.body)
  if (!body)
    return sendJson(call, 400, errorBody(call.record, 'invalid_request_error', 'The request body is not valid JSON.'))
  const model = servedModel(call, body.model)
  const turn = buildTurn(name, { body, bytes: call.record.body, params: call.params })
  const source: MessageSource = {
    ...{ turn, model, bytes: call.record.body, requestId: call.record.requestId },
    diagnostics: body.diagnostics ? { cache_miss_reason: cacheMiss(call) } : undefined,
  }
  call.record.response.model = turn.model ?? model
  call.record.response.usage = finalUsage(source)
  if (body.stream !== true) return sendJson(call, 200, buildMessage(source))
  const events = buildEvents(source)
  await streamEvents(call, name === 'unknown-events' ? addUnknownEvents(events, turn.blocks.length) : events)
}

function cacheMiss({ params }: Call): object | null {
  const type = params.get('cacheMiss')
  return type ? { type, cache_missed_input_tokens: 12_000 } : null
}

/** A model named after a scenario is answered as the default model. */
function servedModel(call: Call, asked: string | undefined): string {
  return call.params.get('model') ?? (asked?.startsWith('fake-') ? 'claude-opus-5-5' : (asked ?? 'claude-opus-5-5'))
}

export function beginStream(call: Call, delivery: Delivery): Writer {
  call.record.response.status = 200
  call.response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...(delivery.coding ? { 'content-encoding': delivery.coding } : {}),
  })
  call.response.flushHeaders()
  return new Writer(call.response, call.record, delivery)
}

export async function streamEvents(call: Call, events: readonly EventLines[]): Promise<void> {
  const delivery = readDelivery(call.params)
  const writer = beginStream(call, delivery)
  for (const lines of events.slice(0, delivery.stopAfter)) {
    await writer.write(frameOf(lines, delivery.eol))
    await pause(delivery.ms, call.signal)
    if (writer.gone) return
  }
  if (!delivery.cut) return writer.end()
  call.record.response.usage = null
  await cutOff(call, { writer, delivery, next: events[delivery.stopAfter] ?? [] })
}

interface Cut {
  readonly writer: Writer
  readonly delivery: Delivery
  readonly next: EventLines
}

/** Ends a stream before its end, in one of the ways that streams end badly. */
async function cutOff(call: Call, { writer, delivery, next }: Cut): Promise<void> {
  const socket = call.response.socket
  switch (delivery.cut) {
    case 'error': {
      const error = {
        type: call.params.get('type') ?? 'overloaded_error',
        message: call.params.get('message') ?? 'Overloaded',
      }
      await writer.write(frameOf(event('error', { error, request_id: call.record.requestId }), delivery.eol))
      return writer.end()
    }
    case 'mid-event': {
      const frame = frameOf(next, delivery.eol)
      await writer.write(frame.subarray(0, Math.floor(frame.length / 2)))
      await flushed(call)
      socket?.resetAndDestroy()
      return
    }
    case 'reset':
      await flushed(call)
      socket?.resetAndDestroy()
      return
    case 'fin':
      await flushed(call)
      // A chunk that promises 64 bytes and brings 12: the peer sees FIN inside it.
      socket?.end('40\r\nevent: conte')
      return
    default:
      await pause(600_000, call.signal)
  }
}

/** Lets the bytes leave before the connection is broken, else a reset would swallow them. */
async function flushed(call: Call): Promise<void> {
  await new Promise<void>((resolve) => call.response.write('', () => resolve()))
  await pause(20, call.signal)
}
