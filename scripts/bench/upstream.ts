import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerHeader, paceHeader, type Answers } from './answers'

/**
 * The Claude API of the bench, a process of its own: answers what it was told, as cheaply as it can.
 * Parent and child speak over IPC: the child says its port, the parent sends the answers.
 */
const writesOfAnUnpacedAnswer = 10
let answers: Answers = []

const server = createServer((message, response) => {
  message.resume()
  message.once('end', () => answer(message, response))
})

function answer(message: IncomingMessage, response: ServerResponse): void {
  const events = answers[Number(message.headers[answerHeader])] ?? []
  const paceMs = Number(message.headers[paceHeader] ?? 0)
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': 'req_011CbenchBenchBenchBench',
    'anthropic-organization-id': '11111111-2222-4333-8444-555555555555',
  })
  if (paceMs > 0) pacedAnswer(response, events, paceMs)
  else quickAnswer(response, gathered(events), 0)
}

function pacedAnswer(response: ServerResponse, events: readonly string[], paceMs: number): void {
  let next = 0
  const writeNext = () => {
    if (next < events.length) response.write(events[next++])
    if (next < events.length && !response.destroyed) return
    clearInterval(timer)
    response.end()
  }
  const timer = setInterval(writeNext, paceMs)
  writeNext()
}

/** One write a turn of the event loop, so that a proxy sees a stream and not one lump. */
function quickAnswer(response: ServerResponse, pieces: readonly string[], next: number): void {
  const piece = pieces[next]
  if (piece === undefined) {
    response.end()
    return
  }
  response.write(piece)
  setImmediate(quickAnswer, response, pieces, next + 1)
}

function gathered(events: readonly string[]): string[] {
  const size = Math.ceil(events.length / writesOfAnUnpacedAnswer)
  return Array.from({ length: Math.ceil(events.length / size) }, (_, index) =>
    events.slice(index * size, (index + 1) * size).join(''),
  )
}

process.on('message', (told: Answers) => {
  answers = told
  process.send?.('told')
})
process.on('disconnect', () => process.exit(0))
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
)
