import { AppError } from '@/lib/errors'

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/**
 * Whether a request that changes something comes from a page of our own: `Origin` is the public address (or this
 * very loopback host), and the browser itself says so where it can. A missing or `null` origin is a no.
 */
export function isSameOrigin(headers: Headers, publicUrl: string): boolean {
  const origin = headers.get('origin')
  if (!origin || origin === 'null') return false
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  if (origin === new URL(publicUrl).origin) return true
  const host = headers.get('host') ?? ''
  return loopback.test(host) && origin === `http://${host}`
}

/** Refuses what another site could have made a browser send. */
export function requireSameOrigin(request: Request, publicUrl: string): void {
  if (!isSameOrigin(request.headers, publicUrl)) {
    throw new AppError(
      'forbidden',
      `This change must come from ${new URL(publicUrl).origin}. Set PUBLIC_URL to the address in your browser.`,
    )
  }
}

/** A plain HTML form cannot send JSON, so asking for it closes one more way around the origin. */
export function requireJson(request: Request): void {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new AppError('forbidden', 'Send JSON with content-type: application/json.')
}
