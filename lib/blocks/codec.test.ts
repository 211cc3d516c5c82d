import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, unpack } from './codec'
import { oldDictionary } from './dictionary'

const content = (bytes: Buffer) => ({ kind: 'content' as const, bytes })

test('a signature is stored as the bytes it stands for', () => {
  const signature = Buffer.from(randomBytes(300).toString('base64'))
  const packed = pack(content(signature))
  expect(packed.bytes.length).toBe(300)
  expect(unpack(packed)).toEqual(content(signature))
})

test('text that looks like base64 comes back as it was', () => {
  const ending = fc.constantFrom('', '=', '==', 'A=', 'QQ==', 'QR==', '\n', '-_')
  const text = fc.tuple(fc.base64String({ maxLength: 400 }), ending).map((parts) => Buffer.from(parts.join('')))
  fc.assert(fc.property(text, (bytes) => void expect(unpack(pack(content(bytes)))).toEqual(content(bytes))))
})

test('a picture of one colour is stored small, though it is base64', () => {
  expect(pack(content(Buffer.from('AAAA'.repeat(1_000)))).bytes.length).toBeLessThan(100)
})

test('what was stored with the first dictionary still opens', () => {
  const bytes = Buffer.from('event: content_block_stop\ndata: {"type":"content_block_stop","index":0}')
  const codec = 4
  expect(unpack({ codec, bytes: deflateRawSync(bytes, { dictionary: oldDictionary }) })).toEqual(content(bytes))
})

test('what no version of the codec wrote is refused', () => {
  expect(() => unpack({ codec: 16, bytes: Buffer.from('x') })).toThrow(/unknown codec/)
})
