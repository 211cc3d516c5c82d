/**
 * The caller's address as the nearest hop saw it: the last of `x-forwarded-for`, because earlier ones are
 * whatever the caller wrote. For throttling and the audit log; never for access.
 */
export function clientAddress(headers: Headers): string {
  return headers.get('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 64) || 'unknown'
}
