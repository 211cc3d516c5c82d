import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { itRecordsEveryCall } from './records'
import { patienceMs, sendRaw } from './raw-socket'
import { doors, useStage } from './stage'
import { messagesBody, usualHeaders } from './usual-call'
import { teamA } from './world'

const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'

/** Head of a call whose framing the case decides. */
function head(...lines: string[]): string {
  const usual = [
    'POST /v1/messages HTTP/1.1',
    'Host: proxy.example.com',
    `Authorization: Bearer ${teamA.clientKey}`,
    'anthropic-version: 2023-06-01',
  ]
  return [...usual, ...lines, '', ''].join('\r\n')
}

/** Framings that two parsers could read differently: RFC 9112 §6.3, §5.1, §2.2, §7.1. */
const ambiguous: Record<string, string> = {
  'Content-Length beside Transfer-Encoding': `${head('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
  'Transfer-Encoding beside Content-Length': `${head('Transfer-Encoding: chunked', 'Content-Length: 100')}0\r\n\r\n${smuggled}`,
  'two lengths that differ': `${head('Content-Length: 2', 'Content-Length: 50')}{}${smuggled}`,
  'a list of lengths': `${head('Content-Length: 2, 50')}{}${smuggled}`,
  'a signed length': `${head('Content-Length: +2')}{}${smuggled}`,
  'a hexadecimal length': `${head('Content-Length: 0x2')}{}${smuggled}`,
  'a negative length': `${head('Content-Length: -1')}${smuggled}`,
  'an unknown transfer coding': `${head('Transfer-Encoding: xchunked')}0\r\n\r\n${smuggled}`,
  'chunked that is not the last coding': `${head('Transfer-Encoding: chunked, identity')}0\r\n\r\n${smuggled}`,
  'a space before the colon': `${head('Transfer-Encoding : chunked', 'Content-Length: 2')}{}${smuggled}`,
  'a folded header line': `${head('X-Folded: a', ' Transfer-Encoding: chunked', 'Content-Length: 2')}{}${smuggled}`,
  'a bare line feed in the head': head('X-A: b').replace('X-A: b\r\n', 'X-A: b\nContent-Length: 2\n') + `{}${smuggled}`,
  'a NUL in a value': head('X-Bad: a\u0000b', 'Content-Length: 2') + `{}`,
  'a carriage return in a value': head('X-Bad: a\rTransfer-Encoding: chunked', 'Content-Length: 2') + `{}`,
  'a chunk size that is no number': `${head('Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n${smuggled}`,
  'a chunk longer than it says': `${head('Transfer-Encoding: chunked')}1\r\n{}\r\n0\r\n\r\n${smuggled}`,
  'a chunk size that overflows': `${head('Transfer-Encoding: chunked')}10000000000000001\r\n{}\r\n0\r\n\r\n`,
}

describe.each(doors)('framing through the %s door', (door) => {
  const stage = useStage(door)

  it.each(Object.entries(ambiguous))('refuses %s', async (_name, bytes) => {
    const answer = await sendRaw(stage.url, Buffer.from(bytes, 'latin1'), patienceMs)
    expect(answer.statuses.filter((status) => status < 400)).toEqual([])
    expect(answer.isClosed).toBe(true)
    expect(stage.fake.requests).toEqual([])
  })

  it('does not take the body of one request for the next one', async () => {
    const body = Buffer.from(smuggled)
    const reply = await stage.call({ body, scenario: 'echo' })
    expect(reply.body.equals(body)).toBe(true)
    expect(stage.fake.requests).toHaveLength(1)
  })

  it('does not take the body of a refused request for the next one', async () => {
    const refused = head(`Content-Length: ${smuggled.length}`).replace(teamA.clientKey, 'cnp_live_wrong-0123456789')
    const { statuses } = await sendRaw(stage.url, refused + smuggled)
    expect(statuses).toEqual([401])
    expect(stage.fake.requests).toEqual([])
  })

  it('refuses a head of 20 KB', async () => {
    const { statuses } = await sendRaw(stage.url, head(`X-Large: ${'x'.repeat(20_000)}`, 'Content-Length: 0'))
    expect(statuses).toEqual([431])
    expect(stage.fake.requests).toEqual([])
  })

  it('answers pipelined requests in their order', async () => {
    const get = (path: string, ...lines: string[]) => head(...lines).replace('POST /v1/messages', `GET ${path}`)
    const both = get('/v1/models') + get('/v1/models/none', 'Connection: close')
    const { statuses } = await sendRaw(stage.url, both, patienceMs)
    expect(statuses).toEqual([200, 404])
  })

  it('keeps a connection for the next request', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    for (let round = 0; round < 20; round += 1) {
      const pending = stage.start({
        agent,
        headers: [
          ['anthropic-version', '2023-06-01'],
          ['Connection', 'keep-alive'],
        ],
      })
      pending.request.once('socket', (socket) => socket.once('data', () => ports.add(socket.localPort)))
      expect((await pending.read()).isComplete).toBe(true)
    }
    agent.destroy()
    expect(ports.size).toBe(1)
  })

  it('uses its connections to the upstream again', async () => {
    await stage.call()
    const before = stage.fake.connections
    for (let round = 0; round < 20; round += 1) await stage.call({ body: messagesBody() })
    expect(stage.fake.connections - before).toBeLessThan(5)
  })

  it('serves fifty streams at once', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => stage.call({ scenario: 'slow?ms=5&events=20' })))
    expect(replies.every((reply) => reply.isComplete)).toBe(true)
    expect(new Set(replies.map((reply) => reply.header('x-nexus-request-id'))).size).toBe(50)
  })

  itRecordsEveryCall(stage)
})

describe.each(doors)('a client that offers HTTP/2 in clear text to the %s door', (door) => {
  const stage = useStage(door)

  it('is answered in HTTP/1.1, also once pages have been served', async () => {
    expect((await fetch(`${stage.url}/login`)).status).toBe(200)
    const offer: [string, string][] = [
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQCAAAAAAIAAAAA'],
    ]
    const reply = await stage.call({ headers: [...usualHeaders, ...offer] })
    expect(reply.status).toBe(200)
    expect(['upgrade', 'http2-settings'].map((name) => stage.forwarded().header(name))).toEqual([null, null])
  })
})
