/**
 * The path of a request target; nothing else decides routes (no Host, no headers). null for a path that two parsers
 * could read differently: empty segments, dot segments, encoded slashes, backslashes or control characters. Those are
 * never forwarded.
 */
export function readPath(target: string): string | null {
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const isAmbiguous =
    !path.startsWith('/') ||
    /\/\/|\\|%2f|%5c|%00|%2e|[\u0000-\u0020\u007f#]/i.test(path) ||
    /(^|\/)\.\.?(\/|$)/.test(path)
  return isAmbiguous ? null : path
}

/** The host a client named, without port, lower case; IPv6 literals keep their brackets. */
export function readHost(value: string | undefined): string {
  return (value ?? '').trim().toLowerCase().replace(/:\d+$/, '')
}
