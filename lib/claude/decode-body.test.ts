import fc from 'fast-check'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody } from './decode-body'

const { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } = zlib
const text = Array.from({ length: 2000 }, (_, line) => `event: ${line}\ndata: ${line * 7919}\n\n`).join('')
const encoders = { gzip: gzipSync, 'x-gzip': gzipSync, br: brotliCompressSync, deflate: deflateSync } as const

test.each(Object.entries(encoders))('%s is decoded', (name, encode) => {
  expect(decode(encode(text), name)).toEqual({ text, isDecoded: true, problem: null })
})

test('deflate without its zlib wrapper is decoded', () => {
  expect(decode(deflateRawSync(text), 'deflate')).toEqual({ text, isDecoded: true, problem: null })
})

test('zstd is decoded where the runtime can, and unsupported elsewhere', () => {
  const hello = Buffer.from('28b52ffd200529000068656c6c6f', 'hex')
  const { text: decoded, isDecoded, problem } = decode(hello, 'zstd')
  if ('zstdDecompressSync' in zlib) expect(decoded).toBe('hello')
  else expect({ isDecoded, problem }).toEqual({ isDecoded: false, problem: 'unsupported' })
})

test('codings on top of each other come off in reverse', () => {
  expect(decode(gzipSync(brotliCompressSync(text)), 'BR , gzip').text).toBe(text)
})

test.each([null, '', 'identity', 'Identity, identity'])('encoding %j is plain already', (encoding) => {
  expect(decode(Buffer.from(text), encoding)).toEqual({ text, isDecoded: true, problem: null })
})

test.each(['gzip', 'br', 'deflate'] as const)('%s that was cut off gives what was there', (name) => {
  const encoded = encoders[name](text)
  const part = decode(encoded.subarray(0, Math.floor(encoded.length / 2)), name)
  expect(part).toMatchObject({ isDecoded: true, problem: 'truncated' })
  expect(part.text.length).toBeGreaterThan(text.length / 10)
  expect(text.startsWith(part.text)).toBe(true)
})

test.each([
  ['gzip', 'corrupt'],
  ['unheard-of', 'unsupported'],
  ['gzip,gzip,gzip,gzip', 'unsupported'],
])('plain bytes that are said to be %s come back as they are: %s', (encoding, problem) => {
  expect(decode(Buffer.from(text), encoding)).toEqual({ text, isDecoded: false, problem })
})

test('when only the outer coding can be decoded, the bytes come back as they were', () => {
  const bytes = gzipSync(text)
  expect(decodeBody(bytes, 'br, gzip')).toMatchObject({ isDecoded: false, problem: 'corrupt' })
  expect(decodeBody(bytes, 'br, gzip').bytes).toBe(bytes)
})

test('a bomb is not inflated beyond a hundred times its size', () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000))
  const { bytes, problem } = decodeBody(bomb, 'gzip')
  expect(problem).toBe('too_large')
  expect(bytes).toBe(bomb)
})

test('a bomb inside a bomb is not inflated either', () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(200_000_000)))
  expect(decodeBody(bomb, 'gzip, gzip')).toMatchObject({ isDecoded: false, problem: 'too_large' })
})

test('the size limit holds whatever the ratio', () => {
  expect(decodeBody(gzipSync(text), 'gzip', { maxBytes: 1000 }).problem).toBe('too_large')
})

test('a small body may be very repetitive', () => {
  const repetitive = 'a'.repeat(500_000)
  expect(decode(gzipSync(repetitive), 'gzip').text === repetitive).toBe(true)
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

function decode(bytes: Uint8Array, encoding: string | null) {
  const { bytes: decoded, ...rest } = decodeBody(bytes, encoding)
  return { text: Buffer.from(decoded).toString('latin1'), ...rest }
}
