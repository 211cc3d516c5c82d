import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { toBase62 } from './base62'

const head = 'cnp_live_'
const shape = /^(cnp_(?:live|test)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

/** 32 random bytes, then a checksum so that secret scanners and people recognise a whole key. */
export function buildClientKey(random: Uint8Array = randomBytes(32)): string {
  const body = `${head}${toBase62(random, 43)}`
  return `${body}${checksumOf(body)}`
}

function checksumOf(body: string): string {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return toBase62(sum, 6)
}

/** Whether a text is a key of our own making, or one with a letter wrong. Keys of credential files may be anything. */
export function judgeClientKey(text: string): 'whole' | 'mistyped' | 'foreign' {
  const [, body, sum] = shape.exec(text) ?? []
  if (body === undefined) return 'foreign'
  return checksumOf(body) === sum ? 'whole' : 'mistyped'
}

/** What a page may show of a key. Short keys of credential files show less, so that nobody can guess the rest. */
export function describeClientKey(key: string): { prefix: string; last4: string } {
  const isLong = key.length >= 40
  const shortPrefix = /^cnp_(live|test)_/.exec(key)?.[0] ?? ''
  return { prefix: isLong ? key.slice(0, head.length + 3) : shortPrefix, last4: key.slice(isLong ? -4 : -2) }
}
