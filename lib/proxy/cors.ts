import { getHeader } from './headers'
import type { Answer, HeaderList } from './ports'

/** What a browser may read of an answer; empty for an origin that is not configured. Never `*`. */
export function corsHeaders(requestHeaders: HeaderList, origins: readonly string[]): HeaderList {
  const origin = getHeader(requestHeaders, 'origin')
  if (origin === undefined || !origins.includes(origin)) return []
  return [
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', 'request-id, x-nexus-request-id, retry-after'],
    ['vary', 'Origin'],
  ]
}

const alwaysAllowed = [
  'authorization',
  'x-api-key',
  'anthropic-version',
  'anthropic-beta',
  'content-type',
  'x-dashboard-key',
]

/** The fixed list plus what this client asks for (SDKs add x-stainless-*): a configured origin is trusted with it. */
function allowedHeaders(requestHeaders: HeaderList): string {
  const asked =
    (getHeader(requestHeaders, 'access-control-request-headers') ?? '').toLowerCase().match(/[a-z0-9-]+/g) ?? []
  return [...new Set([...alwaysAllowed, ...asked])].join(', ')
}

/** Answers a CORS preflight; without a configured origin the browser is told nothing and refuses by itself. */
export function answerPreflight(requestHeaders: HeaderList, origins: readonly string[]): Answer {
  const allowed = corsHeaders(requestHeaders, origins)
  if (allowed.length === 0) return { status: 204, headers: [['vary', 'Origin']], body: null }
  return {
    status: 204,
    headers: [
      ...allowed,
      ['access-control-allow-methods', 'GET, POST, OPTIONS'],
      ['access-control-allow-headers', allowedHeaders(requestHeaders)],
      ['access-control-max-age', '86400'],
    ],
    body: null,
  }
}
