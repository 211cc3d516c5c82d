import type { HeaderList } from './ports'

/** RFC 9110 §7.6.1, and the names older proxies use for the same. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Ours, the client's own, or re-made for the next hop. `expect` is answered by our listener (RFC 9110 §10.1.1). */
const neverForwarded = new Set([
  'host',
  'content-length',
  'authorization',
  'x-api-key',
  'cookie',
  'forwarded',
  'x-real-ip',
  'expect',
])

/** A shared account's cookies are not the client's. */
const neverReturned = new Set(['set-cookie', 'set-cookie2'])

export function getHeader(headers: HeaderList, name: string): string | undefined {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1]
}

export function listHeader(headers: HeaderList, name: string): string[] {
  return headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value)
}

/** Names that a `Connection` header declares to be for this hop only. */
function namedByConnection(headers: HeaderList): Set<string> {
  const named = listHeader(headers, 'connection').flatMap((value) => value.split(','))
  return new Set(named.map((name) => name.trim().toLowerCase()))
}

function isForNextHop(name: string, named: Set<string>): boolean {
  return !hopByHop.has(name) && !named.has(name)
}

/** The client's headers as an open list, without its credential and what belongs to this hop. */
export function forwardable(headers: HeaderList): HeaderList {
  const named = namedByConnection(headers)
  return headers.filter(([spelled]) => {
    const name = spelled.toLowerCase()
    if (name.startsWith('x-forwarded-') || name.startsWith('x-nexus-')) return false
    return isForNextHop(name, named) && !neverForwarded.has(name)
  })
}

/** The upstream's headers as an open list, without what belongs to that hop. */
export function returnable(headers: HeaderList): HeaderList {
  const named = namedByConnection(headers)
  return headers.filter(([spelled]) => {
    const name = spelled.toLowerCase()
    return isForNextHop(name, named) && !neverReturned.has(name)
  })
}

const secretHeaders = /^(authorization|x-api-key|cookie|proxy-authorization|x-dashboard-key)$/i

/** For the record: every header as it came, secrets blanked. */
export function recordable(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => (secretHeaders.test(name) ? [name, '(masked)'] : [name, value]))
}
