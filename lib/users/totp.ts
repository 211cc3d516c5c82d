import { createHmac } from 'node:crypto'

/** One-time codes by time: RFC 6238 with what every app assumes, SHA-1, 30 seconds, six digits. Pure. */

const stepSeconds = 30
const digits = 6
/** Clocks differ: the step before and the step after count too. */
const drift = [0, -1, 1] as const

export const stepAt = (atMs: number): number => Math.floor(atMs / 1_000 / stepSeconds)

export function codeAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

interface Given {
  readonly code: string
  readonly atMs: number
  /** The step of the last code that was taken: an older or equal one was used already. */
  readonly lastStep: number
}

/** The step whose code this is, if it may still be used. */
export function findStep(secret: Uint8Array, { code, atMs, lastStep }: Given): number | null {
  const now = stepAt(atMs)
  return drift.map((by) => now + by).find((step) => step > lastStep && codeAt(secret, step) === code) ?? null
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 without padding, as apps want a key to be typed. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

/** What an app reads from a link or a picture. */
export function totpUri(secret: Uint8Array, email: string): string {
  const label = `${encodeURIComponent('Nexus Proxy')}:${encodeURIComponent(email)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent('Nexus Proxy')}`
}
