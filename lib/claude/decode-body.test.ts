import fc from 'fast-check'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody } from './decode-body'

const { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } = zlib

const text = Buffer.from(Array.from({ length: 2000 }, (_, line) => `event: ${line}\ndata: ${line * 7919}\n\n`).join(''))
const encoders = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
} as const

test.each(Object.entries(encoders))('%s is decoded', (name, encode) => {
  expect(decodeBody(encode(text), name)).toEqual({ bytes: text, isDecoded: true, problem: null })
})

test('deflate without its zlib wrapper is decoded', () => {
  expect(decodeBody(deflateRawSync(text), 'deflate')).toEqual({ bytes: text, isDecoded: true, problem: null })
})

test('zstd is decoded where the runtime can, and unsupported elsewhere', () => {
  const hello = Buffer.from('28b52ffd200529000068656c6c6f', 'hex')
  const expected = 'zstdDecompressSync' in zlib ? { bytes: Buffer.from('hello'), isDecoded: true, problem: null } : null
  expect(decodeBody(hello, 'zstd')).toEqual(expected ?? { bytes: hello, isDecoded: false, problem: 'unsupported' })
})

test('codings on top of each other come off in reverse', () => {
  expect(decodeBody(gzipSync(brotliCompressSync(text)), 'BR , gzip').bytes).toEqual(text)
})

test.each([null, '', 'identity', 'Identity, identity'])('encoding %j is plain already', (encoding) => {
  expect(decodeBody(text, encoding)).toEqual({ bytes: text, isDecoded: true, problem: null })
})

test.each(['gzip', 'br', 'deflate'] as const)('%s that was cut off gives what was there', (name) => {
  const encoded = encoders[name](text)
  const { bytes, isDecoded, problem } = decodeBody(encoded.subarray(0, Math.floor(encoded.length / 2)), name)
  expect({ isDecoded, problem }).toEqual({ isDecoded: true, problem: 'truncated' })
  expect(bytes.length).toBeGreaterThan(text.length / 10)
  expect(text.subarray(0, bytes.length)).toEqual(Buffer.from(bytes))
})

test('bytes that are not what their encoding says come back as they are', () => {
  expect(decodeBody(text, 'gzip')).toEqual({ bytes: text, isDecoded: false, problem: 'corrupt' })
  expect(decodeBody(text, 'unheard-of')).toEqual({ bytes: text, isDecoded: false, problem: 'unsupported' })
  expect(decodeBody(text, 'gzip,gzip,gzip,gzip')).toEqual({ bytes: text, isDecoded: false, problem: 'unsupported' })
})

test('a bomb is not inflated beyond a hundred times its size', () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000))
  expect(decodeBody(bomb, 'gzip')).toEqual({ bytes: bomb, isDecoded: false, problem: 'too_large' })
})

test('the size limit holds whatever the ratio', () => {
  expect(decodeBody(gzipSync(text), 'gzip', { maxBytes: 1000 }).problem).toBe('too_large')
})

test('a small body may be very repetitive', () => {
  const repetitive = Buffer.alloc(500_000, 'a')
  expect(decodeBody(gzipSync(repetitive), 'gzip').bytes).toEqual(repetitive)
})

test('gzip cut anywhere never throws', () => {
  const encoded = gzipSync(text)
  fc.assert(
    fc.property(fc.nat(encoded.length), fc.uint8Array({ maxLength: 20 }), (cut, noise) => {
      const { bytes, isDecoded } = decodeBody(Buffer.concat([encoded.subarray(0, cut), noise]), 'gzip')
      expect(isDecoded || bytes.length === cut + noise.length).toBe(true)
    }),
    { numRuns: 500 },
  )
})
