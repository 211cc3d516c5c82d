import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorBody } from '@/lib/claude/error-body'
import { env } from '@/lib/env'
import { errorResponse, noSuchMethod } from '@/lib/http'
import { answerPreflight, corsHeaders } from '@/lib/proxy/cors'
import type { HeaderList } from '@/lib/proxy/ports'
import { listMethods } from '@/lib/users/route-methods'

/** A call that is not of the Claude API, as both doors know it before a page or a handler does. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: HeaderList
}

const ofTheApi = /^\/api(\/|$)/
/** What clients of the Claude API, and of others, ask for when their base URL has a path or lacks its /v1. */
const ofWrongBaseUrl = /\/v1(\/|$)|^\/(messages|models|complete|chat\/completions|responses)(\/|$)/i

/**
 * What nobody else answers: preflights of the dashboard API, methods that an address does not take, and calls of
 * clients with a wrong base URL, whose people would see a page of HTML.
 */
export function answerBeforePages(asked: Asked): Response | null {
  if (asked.method === 'OPTIONS') return ofTheApi.test(asked.path) ? preflight(asked.headers) : null
  const refusal = refuse(asked)
  if (refusal) for (const [name, value] of apiCorsHeaders(asked)) refusal.headers.set(name, value)
  return refusal
}

function refuse({ method, path }: Asked): Response | null {
  if (ofWrongBaseUrl.test(path)) return refuseBaseUrl()
  const allowed = listMethods(path)
  if (!allowed || allowed.includes(method)) return null
  return errorResponse(noSuchMethod(method, allowed), { method, url: `http://localhost${path}` })
}

/** In the envelope of the Claude API, which its clients show. */
function refuseBaseUrl(): Response {
  const message =
    'There is no such address. The base URL for clients is that of the server alone, without a path: they add /v1/… themselves.'
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' }
  return new Response(errorBody('not_found_error', message, null) as BodyInit, { status: 404, headers })
}

/** What a page of a configured origin may read of an answer of the dashboard API. */
export function apiCorsHeaders({ path, headers }: Asked): HeaderList {
  return ofTheApi.test(path) ? corsHeaders(headers, env().corsOrigins) : []
}

/** null = asked by no browser for a page of another origin; the handler tells its methods. */
function preflight(headers: HeaderList): Response | null {
  if (!headers.some(([name]) => name.toLowerCase() === 'access-control-request-method')) return null
  const answer = answerPreflight(headers, env().corsOrigins)
  return new Response(null, {
    status: answer.status,
    headers: answer.headers.map(([name, value]): [string, string] => [name, value]),
  })
}

export function askedOf(message: IncomingMessage): Asked {
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const)
  return { method: message.method ?? 'GET', path: (message.url ?? '/').split('?', 1)[0] ?? '', headers }
}

/** An answer of the above through node's own response. */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, [...answer.headers].flat())
  response.end(new Uint8Array(await answer.arrayBuffer()))
}
