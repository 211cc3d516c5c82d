import { createHmac, timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/env'

/** The header that opens the probe of app/api/doctor/probe to this very installation, and to nobody else. */
export const probeHeader = 'x-nexus-probe'

const lifetimeMs = 60_000

const signatureOf = (expiresAtMs: number) =>
  createHmac('sha256', env().nextAuthSecret).update(`doctor-probe:${expiresAtMs}`).digest('base64url')

export function makeProbeToken(nowMs = Date.now()): string {
  const expiresAtMs = nowMs + lifetimeMs
  return `${expiresAtMs}.${signatureOf(expiresAtMs)}`
}

export function isProbeToken(token: string | null, nowMs = Date.now()): boolean {
  const [expires = '', signature = ''] = (token ?? '').split('.', 2)
  const expiresAtMs = Number(expires)
  if (!Number.isSafeInteger(expiresAtMs) || expiresAtMs < nowMs || expiresAtMs > nowMs + 2 * lifetimeMs) return false
  const [given, expected] = [Buffer.from(signature), Buffer.from(signatureOf(expiresAtMs))]
  return given.length === expected.length && timingSafeEqual(given, expected)
}
