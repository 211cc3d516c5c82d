import type { IncomingMessage, ServerResponse } from 'node:http'
import { handleExchange } from '@/lib/proxy/handle-exchange'
import type { Answer, HeaderList, Incoming, ProxyPorts } from '@/lib/proxy/ports'
import { Pieces } from './pieces'

/** The fast door: node's own request and response around the core. The same promises as app/v1. */
export async function serveExchange(
  message: IncomingMessage,
  response: ServerResponse,
  ports: ProxyPorts,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  await sendAnswer(await handleExchange(incomingOf(message, gone.signal), ports), response)
}

function incomingOf(message: IncomingMessage, signal: AbortSignal): Incoming {
  const hasBody =
    message.headers['transfer-encoding'] !== undefined || Number(message.headers['content-length'] ?? 0) > 0
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    headers: pairs(message.rawHeaders),
    body: hasBody ? bodyOf(message) : null,
    signal,
  }
}

/** Read from when somebody asks for it. */
function bodyOf(message: IncomingMessage): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => piecesOf(message) }
}

function piecesOf(message: IncomingMessage): Pieces {
  const pieces = new Pieces({
    pause: () => message.pause(),
    resume: () => message.resume(),
    // Left to node, which passes over the rest once the answer is out: who is still sending shall see it.
    leave: () => message.pause(),
  })
  message.on('data', (piece: Buffer) => pieces.push(piece))
  message.once('end', () => pieces.finish())
  message.once('error', (error) => pieces.fail(error))
  message.once('close', () => pieces.fail(new Error('the client has gone')))
  return pieces
}

function pairs(raw: readonly string[]): HeaderList {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return list
}

async function sendAnswer(answer: Answer, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, answer.headers.flat())
  if (answer.body === null || answer.body instanceof Uint8Array) {
    response.end(answer.body ?? undefined)
    return
  }
  // The head waits for the first bytes to share their packet, but not for an upstream that thinks first.
  const flush = setImmediate(() => response.flushHeaders())
  answer.whenCut?.(() => response.destroy())
  try {
    for await (const chunk of answer.body) {
      clearImmediate(flush)
      if (!response.write(chunk)) await taken(response)
      if (response.destroyed) return
    }
    response.end()
  } catch {
    // The core has recorded why. No last chunk: the client must see that the body is not whole. Not before what was
    // written is with the socket: node may hold a turn's writes together until the turn is over.
    setImmediate(() => response.socket?.destroySoon())
  } finally {
    clearImmediate(flush)
  }
}

/** Resolves when the client has taken what was written, or has gone. */
function taken(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle)
      response.off('close', settle)
      resolve()
    }
    response.on('drain', settle)
    response.on('close', settle)
  })
}
