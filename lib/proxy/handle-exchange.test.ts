import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { aCaller, anAccount, listen, listenProxy, memoryWorld } from '@/lib/testing/memory-ports'
import { waitUntil } from '@/lib/testing/wait-until'
import type { ExchangeBegin, UpstreamRequest } from './ports'

const key = { 'x-api-key': 'cnp_test_right', 'anthropic-version': '2023-06-01' }
const post = (url: string, init: RequestInit = {}) =>
  fetch(`${url}/v1/messages`, { method: 'POST', body: '{"a":1}', ...init, headers: { ...key, ...init.headers } })
const answerOf = async (response: Response) => ({
  status: response.status,
  headers: response.headers,
  body: (await response.json()) as { error: { type: string; message: string } },
})
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('the request body reaches the upstream byte for byte', async () => {
  const received: Buffer[] = []
  await using upstream = await listen(async (message, response) => {
    for await (const chunk of message) received.push(chunk as Buffer)
    response.end('{}')
  })
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x20, 0x7d])
  await post(proxy.url, { body })
  expect(sha(Buffer.concat(received))).toBe(sha(body))
  expect(sha(world.records[0]!.begin.body)).toBe(sha(body))
})

test('a call is ended as completed with the bytes the client got', async () => {
  await using upstream = await listen((_message, response) => void response.end('{"type":"message"}'))
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const text = await (await post(proxy.url)).text()
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end).toMatchObject({
    outcome: 'completed',
    status: 200,
    accountId: 'acc_one',
    ownErrorType: null,
  })
  expect(Buffer.concat(world.records[0]!.chunks).toString()).toBe(text)
})

test('an upstream error is relayed verbatim with its headers and recorded as such', async () => {
  const errorText = '{"type":"error","error":{"type":"rate_limit_error","message":"slow  down"}}'
  await using upstream = await listen(
    (_message, response) => void response.writeHead(429, { 'retry-after': '7', 'anthropic-x': 'y' }).end(errorText),
  )
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const response = await post(proxy.url)
  expect([
    response.status,
    response.headers.get('retry-after'),
    response.headers.get('anthropic-x'),
    await response.text(),
  ]).toEqual([429, '7', 'y', errorText])
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end).toMatchObject({ outcome: 'upstream_error', status: 429 })
})

test('another account is asked after a 529, and the client sees only the good answer', async () => {
  await using busy = await listen((_message, response) => void response.writeHead(529).end('{}'))
  await using good = await listen((_message, response) => void response.end('good'))
  const world = memoryWorld({ accounts: [anAccount(busy.url, 'acc_one'), anAccount(good.url, 'acc_two')] })
  await using proxy = await listenProxy(world)
  expect(await (await post(proxy.url)).text()).toBe('good')
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end!.attempts.map(({ accountId, status }) => [accountId, status])).toEqual([
    ['acc_one', 529],
    ['acc_two', 200],
  ])
})

test('the record says why an account was chosen, what was passed over, and why nobody else was asked', async () => {
  await using busy = await listen((_message, response) => void response.writeHead(529).end('{}'))
  const skipped = [{ accountId: 'acc_zero', why: 'cooling, 9 s left' }]
  const none = { noAccount: true, retryAfterSeconds: 9, reason: 'no other account', skipped } as const
  const world = memoryWorld({
    accounts: [],
    ports: {
      chooseAccount: async ({ attempts }) => (attempts.length > 0 ? none : { ...anAccount(busy.url), skipped }),
    },
  })
  await using proxy = await listenProxy(world)
  expect((await post(proxy.url)).status).toBe(529)
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end).toMatchObject({
    attempts: [{ accountId: 'acc_one', reason: 'the only account', skipped }],
    noAccount: { reason: 'no other account', skipped },
  })
  expect(JSON.stringify(world.records[0]!.end)).not.toContain('sk-ant-api03-of-the-account')
})

test.each([
  [{ retryAfterSeconds: 1 }, [503, '1', null, 'api_error']],
  [
    { retryAfterSeconds: 41, overLimit: { type: 'rate_limit_error' as const, message: 'busy', retryAfterSeconds: 41 } },
    [429, '41', null, 'rate_limit_error'],
  ],
  [
    { retryAfterSeconds: 7, overLimit: { type: 'billing_error' as const, message: 'spent', retryAfterSeconds: 7 } },
    [429, '7', 'false', 'billing_error'],
  ],
  [{ retryAfterSeconds: null }, [503, null, 'false', 'api_error']],
  [{ retryAfterSeconds: null, obstacle: 'model' as const }, [403, null, 'false', 'permission_error']],
])('a call that no account can serve is told when to come back, if ever: %j', async (why, expected) => {
  const none = { noAccount: true, reason: 'the reason', ...why } as const
  const world = memoryWorld({ accounts: [], ports: { chooseAccount: async () => none } })
  await using proxy = await listenProxy(world)
  const { status, headers, body } = await answerOf(await post(proxy.url))
  expect([status, headers.get('retry-after'), headers.get('x-should-retry'), body.error.type]).toEqual(expected)
  expect(world.records[0]!.end).toMatchObject({ outcome: 'rejected', noAccount: { reason: 'the reason' } })
})

test('a client key for some models is refused the others before an account is chosen', async () => {
  const world = memoryWorld({
    accounts: [],
    ports: { authenticate: async () => ({ ...aCaller, allowedModels: ['claude-haiku-*'] }) },
  })
  await using proxy = await listenProxy(world)
  const refused = await answerOf(await post(proxy.url, { body: '{"model":"claude-opus-5-5"}' }))
  expect([refused.status, refused.body.error.message]).toEqual([403, 'This client key may not use claude-opus-5-5.'])
  expect((await post(proxy.url, { body: '{"model": NaN}' })).status).toBe(403)
  expect((await post(proxy.url, { body: '{"model":"claude-haiku-5"}' })).status).toBe(503)
})

test('a client error is never tried elsewhere', async () => {
  await using strict = await listen((_message, response) => void response.writeHead(400).end('no'))
  const world = memoryWorld({ accounts: [anAccount(strict.url, 'acc_one'), anAccount(strict.url, 'acc_two')] })
  await using proxy = await listenProxy(world)
  expect((await post(proxy.url)).status).toBe(400)
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end!.attempts).toHaveLength(1)
})

test('a request is with its connection before it is recorded', async () => {
  await using upstream = await listen((_message, response) => void response.end('whole'))
  const { ports, records } = memoryWorld({ accounts: [anAccount(upstream.url)] })
  const steps: string[] = []
  const noted = {
    ...ports,
    forward: (request: UpstreamRequest) => (steps.push('forward'), ports.forward(request)),
    clock: { ...ports.clock, turn: () => ports.clock.turn().then(() => void steps.push('turn')) },
    record: (begin: ExchangeBegin) => (steps.push('record'), ports.record(begin)),
  }
  await using proxy = await listenProxy({ ports: noted, records })
  expect(await (await post(proxy.url)).text()).toBe('whole')
  expect(steps).toEqual(['forward', 'turn', 'record'])
})

test('a throw in the observer does not reach the stream', async () => {
  await using upstream = await listen((_message, response) => void response.end('whole'))
  const world = memoryWorld({
    accounts: [anAccount(upstream.url)],
    ports: {
      record: () => ({
        begun: Promise.reject(new Error('disk')),
        chunk: () => {
          throw new Error('observer')
        },
        end: () => {
          throw new Error('observer')
        },
      }),
      reportFault: () => undefined,
    },
  })
  await using proxy = await listenProxy(world)
  expect(await (await post(proxy.url)).text()).toBe('whole')
})

test('a silent upstream ends in a 504 that names the limit', async () => {
  await using upstream = await listen(() => undefined)
  const world = memoryWorld({ accounts: [anAccount(upstream.url)], settings: { upstreamTimeoutMs: 150 } })
  await using proxy = await listenProxy(world)
  const response = await post(proxy.url)
  expect(response.status).toBe(504)
  expect(await response.json()).toMatchObject({
    error: { type: 'timeout_error', message: 'Request timed out after 150ms' },
  })
  expect(world.records[0]!.end).toMatchObject({ outcome: 'timeout', status: 504 })
})

test('a lost upstream ends a stream with an error event and an unclean close', async () => {
  await using upstream = await listen((_message, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: ping\ndata: {"type":"ping"}\n\n', () => response.socket?.resetAndDestroy())
  })
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const raw = await rawPost(proxy.url)
  expect(raw).toContain('event: error\ndata: {"type":"error","error":{"type":"api_error"')
  expect(raw.endsWith('0\r\n\r\n')).toBe(false)
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end).toMatchObject({ outcome: 'upstream_error', status: 200 })
})

test('a stream that is lost in the middle of an event ends there, uncleanly', async () => {
  const half = 'event: ping\ndata: {"type":"ping"}\n\nevent: content_block_delta\ndata: {"type":"cont'
  await using upstream = await listen((_message, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(half, () => response.socket?.destroySoon())
  })
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const raw = await rawPost(proxy.url)
  expect(raw).not.toContain('event: error')
  expect(raw.endsWith('0\r\n\r\n')).toBe(false)
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(Buffer.concat(world.records[0]!.chunks).toString()).toBe(half)
  expect(world.records[0]!.end).toMatchObject({ outcome: 'upstream_error', ownErrorType: 'api_error', status: 200 })
})

test('an upstream that stops in the middle is ended after the stall limit', async () => {
  await using upstream = await listen((_message, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: ping\ndata: {"type":"ping"}\n\n')
  })
  const world = memoryWorld({ accounts: [anAccount(upstream.url)], settings: { stallTimeoutMs: 200 } })
  await using proxy = await listenProxy(world)
  expect(await rawPost(proxy.url)).toContain('"type":"timeout_error"')
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end).toMatchObject({ outcome: 'timeout' })
})

test('a client that leaves closes the upstream connection and is recorded as aborted', async () => {
  let hasUpstreamSeenIt = false
  await using upstream = await listen((_message, response) => {
    response.on('close', () => (hasUpstreamSeenIt = true))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: ping\ndata: {"type":"ping"}\n\n')
  })
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const control = new AbortController()
  const response = await post(proxy.url, { signal: control.signal })
  await response.body!.getReader().read()
  control.abort()
  await waitUntil(() => hasUpstreamSeenIt, { what: 'the upstream to see the close' })
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(world.records[0]!.end).toMatchObject({ outcome: 'client_aborted', status: 200 })
})

test('a client that stops reading is cut after the stall limit', async () => {
  await using upstream = await listen(async (_message, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const block = Buffer.alloc(1 << 20, 0x20)
    while (response.write(block) || (await new Promise((resolve) => response.once('drain', () => resolve(true)))))
      continue
  })
  const world = memoryWorld({ accounts: [anAccount(upstream.url)], settings: { stallTimeoutMs: 300 } })
  await using proxy = await listenProxy(world)
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: cnp_test_right\r\ncontent-length: 2\r\n\r\n{}')
  socket.pause()
  await waitUntil(() => world.records[0]?.end, { what: 'the end of the record', timeoutMs: 10_000 })
  expect(world.records[0]!.end).toMatchObject({ outcome: 'timeout' })
  socket.destroy()
})

test('a body over the limit is refused before it is forwarded', async () => {
  const world = memoryWorld({ accounts: [anAccount('http://127.0.0.1:9')], settings: { maxRequestBytes: 10 } })
  await using proxy = await listenProxy(world)
  const response = await post(proxy.url, { body: 'x'.repeat(11) })
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ error: { type: 'request_too_large' } })
})

test('a wrong key gets the envelope, and a plain curl the short body', async () => {
  const world = memoryWorld({ accounts: [] })
  await using proxy = await listenProxy(world)
  const wrong = await post(proxy.url, { headers: { 'x-api-key': 'cnp_test_wrong' } })
  expect([wrong.status, wrong.headers.get('www-authenticate'), wrong.headers.get('x-should-retry')]).toEqual([
    401,
    'Bearer',
    'false',
  ])
  expect(await wrong.json()).toMatchObject({
    type: 'error',
    error: { type: 'authentication_error', message: 'Invalid client API key' },
  })
  const plain = await fetch(`${proxy.url}/v1/messages`, { method: 'POST', body: '{}' })
  expect(await plain.json()).toEqual({ error: 'Unauthorized', message: 'Invalid client API key' })
})

describe('while the credential of an account is being replaced', () => {
  const oldKey = 'sk-ant-api03-the-one-before'
  async function callWith(accepted: string, previousCredential?: readonly ['x-api-key', string]) {
    const asked: unknown[] = []
    await using upstream = await listen((message, response) => {
      asked.push(message.headers['x-api-key'])
      response.writeHead(message.headers['x-api-key'] === accepted ? 200 : 401).end('{}')
    })
    const world = memoryWorld({ accounts: [{ ...anAccount(upstream.url), previousCredential }] })
    await using proxy = await listenProxy(world)
    const { status } = await post(proxy.url)
    await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
    return { status, asked, record: world.records[0] }
  }
  const newKey = 'sk-ant-api03-of-the-account'

  test('the one before is asked when the new one is refused, and the record says so without either', async () => {
    const { status, asked, record } = await callWith(oldKey, ['x-api-key', oldKey])
    expect([status, asked]).toEqual([200, [newKey, oldKey]])
    expect(record?.end?.attempts.map((attempt) => [attempt.status, attempt.reason])).toEqual([
      [401, 'the only account'],
      [200, 'its new credential was refused, and the one before is still kept'],
    ])
    expect(JSON.stringify(record)).not.toMatch(/of-the-account|the-one-before/)
  })

  test('the one before is not asked when the new one is taken', async () => {
    expect(await callWith(newKey, ['x-api-key', oldKey])).toMatchObject({ status: 200, asked: [newKey] })
  })

  test('a client gets the refusal when both are refused, each asked once', async () => {
    expect(await callWith('neither', ['x-api-key', oldKey])).toMatchObject({ status: 401, asked: [newKey, oldKey] })
  })

  test('a refusal stays one where nothing is kept', async () => {
    expect(await callWith(oldKey)).toMatchObject({ status: 401, asked: [newKey] })
  })
})

test('a login whose token is refused is asked again with its next one, before the client sees anything', async () => {
  const asked: unknown[] = []
  await using upstream = await listen((message, response) => {
    asked.push(message.headers.authorization)
    response.writeHead(message.headers.authorization === 'Bearer next' ? 200 : 401).end('{}')
  })
  const login = {
    ...anAccount(upstream.url),
    kind: 'oauth',
    credential: ['authorization', 'Bearer withdrawn'],
  } as const
  const world = memoryWorld({ accounts: [{ ...login, renewCredential: async () => ['authorization', 'Bearer next'] }] })
  await using proxy = await listenProxy(world)
  expect((await post(proxy.url)).status).toBe(200)
  expect(asked).toEqual(['Bearer withdrawn', 'Bearer next'])
  const end = await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
  expect(end.attempts.map((attempt) => [attempt.status, attempt.reason])).toEqual([
    [401, 'the only account'],
    [200, 'its token was refused, and its login has a new one'],
  ])
})

describe('when the process has to end now', () => {
  test('a stream gets an error event and an unclean close, and is recorded as interrupted', async () => {
    await using upstream = await listen((_message, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: ping\ndata: {"type":"ping"}\n\n')
    })
    const ending = new AbortController()
    const world = memoryWorld({ accounts: [anAccount(upstream.url)], ports: { ending: ending.signal } })
    await using proxy = await listenProxy(world)
    const reading = rawPost(proxy.url)
    await waitUntil(() => world.records[0]?.chunks.length, { what: 'the first bytes' })
    ending.abort()
    const raw = await reading
    expect(raw).toContain('event: error\ndata: {"type":"error","error":{"type":"api_error"')
    expect(raw.endsWith('0\r\n\r\n')).toBe(false)
    await waitUntil(() => world.records[0]?.end, { what: 'the end of the record' })
    expect(world.records[0]!.end).toMatchObject({ outcome: 'interrupted', status: 200 })
  })

  test('a call that still waits for the upstream is told to try again, and is recorded as interrupted', async () => {
    let isAsked = false
    await using upstream = await listen(() => void (isAsked = true))
    const ending = new AbortController()
    const world = memoryWorld({ accounts: [anAccount(upstream.url)], ports: { ending: ending.signal } })
    await using proxy = await listenProxy(world)
    const asking = post(proxy.url)
    await waitUntil(() => isAsked, { what: 'the upstream to be asked' })
    ending.abort()
    const response = await asking
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(world.records[0]!.end).toMatchObject({ outcome: 'interrupted', status: 503 })
    expect(world.records).toHaveLength(1)
  })
})

async function rawPost(url: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: cnp_test_right\r\ncontent-length: 2\r\n\r\n{}')
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
