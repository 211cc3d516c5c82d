import { answerMessage, beginStream, streamEvents, type Call } from './fake-claude-answer'
import { event } from './fake-claude-events'
import { frameOf, pause, readDelivery, Writer } from './fake-claude-delivery'
import { errorBody, errorTypes, sendBytes, sendJson } from './fake-claude-replies'

/** For ever, as far as a test is concerned; the peer's leaving ends it. */
const longMs = 600_000

async function sendError(call: Call): Promise<void> {
  const status = Number(call.params.get('status') ?? 500)
  const retryAfter = call.params.get('retry-after')
  const shouldRetry = call.params.get('x-should-retry')
  if (retryAfter) call.response.setHeader('retry-after', retryAfter)
  if (shouldRetry) call.response.setHeader('x-should-retry', shouldRetry)
  const type = call.params.get('type') ?? errorTypes[status] ?? 'api_error'
  const message = call.params.get('message') ?? `The fake answers ${status}.`
  const body = errorBody(call.record, type, message)
  const code = call.params.get('code')
  const error = code === null ? body.error : { ...body.error, details: { error_code: code } }
  await sendJson(call, status, { ...body, error })
}

/** As much text as asked for, in 64 KiB events, as fast as the peer reads. */
async function burst(call: Call): Promise<void> {
  const total = Number(call.params.get('bytes') ?? 250 * 1024 * 1024)
  const delivery = readDelivery(call.params)
  const writer = beginStream(call, delivery)
  const piece = frameOf(
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'b'.repeat(65_536) } }),
    delivery.eol,
  )
  while (!writer.gone && call.record.response.bytes < total) await writer.write(piece)
  await writer.write(frameOf(event('message_stop', {}), delivery.eol))
  await writer.end()
}

/** One event of any size; with `open=1` its line never ends. */
async function oneLine(call: Call): Promise<void> {
  const total = Number(call.params.get('bytes') ?? 10 * 1024 * 1024)
  const writer = beginStream(call, readDelivery(call.params))
  const start = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"'
  await writer.write(Buffer.from(`event: content_block_delta\ndata: ${start}`))
  const piece = Buffer.alloc(65_536, 'b')
  for (let sent = 0; sent < total && !writer.gone; sent += piece.length) await writer.write(piece)
  if (!call.params.has('open')) await writer.write(Buffer.from('"}}\n\n'))
  await writer.end()
}

async function pingOnlyFor(call: Call): Promise<void> {
  const total = Number(call.params.get('ms') ?? 1000)
  const every = Number(call.params.get('every') ?? 50)
  const pings = Array.from({ length: Math.ceil(total / every) }, () => event('ping', {}))
  call.params.set('ms', String(every))
  await streamEvents(call, [...pings, event('message_stop', {})])
}

function cutting(defaults: Record<string, string>): (call: Call) => Promise<void> {
  return async (call) => {
    for (const [name, value] of Object.entries(defaults)) if (!call.params.has(name)) call.params.set(name, value)
    await answerMessage(call, 'text')
  }
}

async function headersThenSilent(call: Call): Promise<void> {
  beginStream(call, readDelivery(call.params))
  await pause(longMs, call.signal)
}

/** Promises more than it sends. */
async function truncatedJson(call: Call): Promise<void> {
  call.record.response.status = 200
  call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  const writer = new Writer(call.response, call.record, readDelivery(call.params))
  await writer.write(Buffer.from('{"id":"msg_01","type":"message","content":['))
  await pause(20, call.signal)
  call.response.socket?.resetAndDestroy()
}

/** Scenarios that are not a whole answer of the model, by name. */
export const faults: Record<string, (call: Call) => Promise<void>> = {
  error: sendError,
  'html-502': (call) =>
    sendBytes(call, {
      status: 502,
      type: 'text/html',
      bytes: Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>'),
    }),
  'error-mid-stream': cutting({ after: '5', cut: 'error' }),
  'reset-after-headers': cutting({ after: '0', cut: 'reset' }),
  'reset-mid-event': cutting({ after: '5', cut: 'mid-event' }),
  'reset-between-events': cutting({ after: '5', cut: 'reset' }),
  'fin-mid-chunk': cutting({ after: '5', cut: 'fin' }),
  'silent-mid-stream': cutting({ after: '5', cut: 'hang' }),
  'truncated-json': truncatedJson,
  'reset-before-headers': async ({ response }) => void response.socket?.resetAndDestroy(),
  silent: ({ signal }) => pause(longMs, signal),
  'headers-then-silent': headersThenSilent,
  'ping-only-for': pingOnlyFor,
  burst,
  'one-line': oneLine,
  redirect: async (call) => {
    call.response.setHeader('location', call.params.get('to') ?? 'http://127.0.0.1:9/v1/messages')
    await sendBytes(call, {
      status: Number(call.params.get('status') ?? 307),
      type: 'text/plain',
      bytes: Buffer.from('elsewhere'),
    })
  },
  'set-cookie': async (call) => {
    call.response.setHeader('set-cookie', ['session=upstream; Path=/', 'other=1'])
    await answerMessage(call, 'text')
  },
  'hop-by-hop': async (call) => {
    call.response.setHeader('connection', 'keep-alive, x-hop')
    call.response.setHeader('x-hop', 'only for the next hop')
    call.response.setHeader('keep-alive', 'timeout=77')
    call.response.setHeader('proxy-authenticate', 'Basic realm="upstream"')
    call.response.setHeader('x-end-to-end', 'for the client')
    await answerMessage(call, 'text')
  },
  'early-hints': async (call) => {
    call.response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    await answerMessage(call, 'text')
  },
  empty: (call) =>
    sendBytes(call, {
      status: Number(call.params.get('status') ?? 200),
      type: 'application/json',
      bytes: Buffer.alloc(0),
    }),
  /** The request as received, for paths that the fake does not know. */
  echo: (call) => sendBytes(call, { status: 200, type: 'application/octet-stream', bytes: call.record.body }),
}
