import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { itRecordsEveryCall } from './records'
import { sha256 } from './client'
import { doors, useStage } from './stage'
import { messagesBody, usualHeaders } from './usual-call'

const mebibyte = 1024 * 1024

function sized(bytes: number): Buffer {
  const start = Buffer.from('{"model":"claude-opus-5-5","max_tokens":1,"messages":[{"role":"user","content":"')
  const end = Buffer.from('"}]}')
  return Buffer.concat([start, Buffer.alloc(bytes - start.length - end.length, 'p'), end])
}

const corpus: Record<string, Buffer> = {
  'a single byte': Buffer.from('{'),
  'text that is no JSON': Buffer.from('this is not JSON, nor will it be'),
  'JSON cut off in the middle': Buffer.from('{"model":"claude-opus-5-5","messages":[{"role":"us'),
  'a byte order mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), messagesBody()]),
  'bytes that are no UTF-8': Buffer.concat([
    Buffer.from('{"model":"'),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
    Buffer.from('"}'),
  ]),
  'NUL and control characters': Buffer.from('{"model":"a\\u0000b","x":"\u0000\u0001\u001f"}'),
  'lone surrogates': Buffer.from('{"model":"x","messages":[{"role":"user","content":"\\ud800 and \\udfff"}]}'),
  'duplicate and prototype keys': Buffer.from(
    '{"a":1,"a":2,"__proto__":{"x":1},"constructor":null,"model":"m","model":"n"}',
  ),
  'numbers that doubles cannot hold': Buffer.from('{"big":1152921504606846977,"huge":1e400,"small":-0.0,"exact":0.10}'),
  'nesting 100,000 deep': Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)),
  'a list at the top': Buffer.from('[1, 2 ,3]'),
  'space and key order that JSON.stringify would not keep': Buffer.from('{ "z" : 1,\r\n\t"a":[ ],"model" :"m" }\n\n'),
  'every kind of line end and separator': Buffer.from('"\u2028\u2029\r\n\r\n"'),
  'random bytes': randomBytes(4096),
}

describe.each(doors)('request bytes through the %s door', (door) => {
  const stage = useStage(door)

  describe.each([false, true])('chunked: %s', (isChunked) => {
    it.each(Object.entries(corpus))('forwards %s exactly', async (_name, body) => {
      const reply = await stage.call({ body, isChunked, scenario: 'echo' })
      expect(reply.status).toBe(200)
      expect(stage.forwarded().sha256).toBe(sha256(body))
      expect(reply.sha256).toBe(sha256(body))
    })

    it.each([10.1, 32])('forwards a body of %s MiB whole', async (size) => {
      const body = sized(Math.floor(size * mebibyte))
      await stage.call({ body, isChunked, scenario: 'empty' })
      expect(stage.forwarded().body.length).toBe(body.length)
      expect(stage.forwarded().sha256).toBe(sha256(body))
    })
  })

  it('forwards a compressed body as it is', async () => {
    const body = gzipSync(messagesBody())
    await stage.call({ body, headers: [...usualHeaders, ['Content-Encoding', 'gzip']], scenario: 'empty' })
    expect(stage.forwarded().sha256).toBe(sha256(body))
    expect(stage.forwarded().header('content-encoding')).toBe('gzip')
  })

  it('forwards no body where there was none', async () => {
    await stage.call({ method: 'GET', target: '/v1/models' })
    expect(stage.forwarded().body.length).toBe(0)
    expect(stage.forwarded().header('transfer-encoding')).toBeNull()
  })

  it('answers Expect: 100-continue itself and forwards the body', async () => {
    const body = messagesBody()
    await stage.call({ body, headers: [...usualHeaders, ['Expect', '100-continue']], scenario: 'empty' })
    expect(stage.forwarded().sha256).toBe(sha256(body))
    expect(stage.forwarded().header('expect')).toBeNull()
  })

  it('refuses a body declared one byte over 32 MiB before reading it', async () => {
    const pending = stage.start({
      isBodyLater: true,
      body: null,
      headers: [...usualHeaders, ['Content-Length', String(32 * mebibyte + 1)]],
    })
    const { status } = await pending.head
    expect(status).toBe(413)
    expect(stage.fake.requests).toEqual([])
    pending.abort()
  })

  it('refuses a chunked body as soon as it grows over 32 MiB', async () => {
    const pending = stage.start({
      isBodyLater: true,
      body: null,
      headers: [...usualHeaders, ['Transfer-Encoding', 'chunked']],
    })
    let isAnswered = false
    const status = pending.head.then((head) => {
      isAnswered = true
      return head.status
    })
    const piece = Buffer.alloc(mebibyte, 'p')
    for (let sent = 0; sent < 64 && !isAnswered; sent += 1)
      await new Promise((resolve) => pending.request.write(piece, resolve))
    expect(await status).toBe(413)
    expect(stage.fake.requests).toEqual([])
    pending.abort()
  })

  itRecordsEveryCall(stage)
})
