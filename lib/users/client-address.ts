/**
 * Who called: our own server has put it into `x-forwarded-for`. On a host that runs route handlers the last address is
 * what the nearest hop saw; earlier ones are whatever the caller wrote. For throttling and the audit log; never for
 * access.
 */
export function clientAddress(headers: Headers): string {
  return headers.get('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 64) || 'unknown'
}
