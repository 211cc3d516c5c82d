import type { Permission } from './permissions'

/**
 * Who may ask what: a role with this permission; or everybody (`public`); or whoever the route itself recognises
 * by something other than a login (`own door`: a client key, a token of the server's log, of METRICS_TOKEN, …).
 */
export type Access = Permission | 'public' | 'own door'

export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type HttpMethod = (typeof httpMethods)[number]
export type RouteAccess = Partial<Record<HttpMethod, Access>>

/** Behind the login: asked for with GET, answered with a redirect to /login or with 404 to those who may not. */
export const pageAccess: Readonly<Record<string, Access>> = {
  '/_global-error': 'public',
  '/_not-found': 'public',
  '/accounts': 'numbers:read',
  '/conversations': 'domains:read',
  '/conversations/[conversationId]': 'domains:read',
  '/domains': 'numbers:read',
  '/domains/[domainId]': 'numbers:read',
  '/login': 'public',
  '/overview': 'domains:read',
  '/requests': 'domains:read',
  '/requests/[requestId]': 'domains:read',
  '/settings': 'domains:read',
  '/setup': 'own door',
  '/storage': 'numbers:read',
  '/usage': 'domains:read',
}

/** Every route handler and method; a method that is not here answers 405. HEAD and OPTIONS go with GET. */
export const routeAccess: Readonly<Record<string, RouteAccess>> = {
  '/': { GET: 'public' },
  '/api/accounts': { GET: 'numbers:read', POST: 'accounts:write' },
  '/api/accounts/[accountId]': { GET: 'numbers:read', PATCH: 'accounts:write', DELETE: 'accounts:write' },
  '/api/accounts/[accountId]/test': { POST: 'accounts:write' },
  '/api/auth/[...nextauth]': { GET: 'own door', POST: 'own door' },
  '/api/auth/password': { POST: 'self:write' },
  '/api/auth/profile': { PATCH: 'self:write' },
  '/api/auth/sessions/[sessionId]': { DELETE: 'self:write' },
  '/api/budgets': { GET: 'numbers:read' },
  '/api/client-keys': { GET: 'numbers:read', POST: 'keys:write' },
  '/api/client-keys/[clientKeyId]/revoke': { POST: 'keys:write' },
  '/api/client-keys/[clientKeyId]/rotate': { POST: 'keys:write' },
  '/api/conversations': { GET: 'domains:read' },
  '/api/conversations/[conversationId]': { GET: 'domains:read' },
  '/api/conversations/[conversationId]/export': { GET: 'bodies:read' },
  '/api/conversations/[conversationId]/star': { PUT: 'bodies:read' },
  '/api/conversations/[conversationId]/thread': { GET: 'bodies:read' },
  '/api/doctor/probe': { GET: 'own door', POST: 'own door' },
  '/api/domains': { GET: 'numbers:read', POST: 'domains:write' },
  '/api/domains/[domainId]': { GET: 'numbers:read', PATCH: 'domains:write' },
  '/api/domains/[domainId]/accounts': { PUT: 'accounts:write' },
  '/api/event_logging/[...path]': { POST: 'public' },
  '/api/events': { GET: 'domains:read' },
  '/api/hello': { GET: 'public' },
  '/api/limits': { GET: 'numbers:read', POST: 'keys:write' },
  '/api/limits/[limitId]': { DELETE: 'keys:write' },
  '/api/price-overrides': { GET: 'numbers:read', POST: 'settings:write' },
  '/api/price-overrides/[overrideId]': { DELETE: 'settings:write' },
  '/api/price-overrides/preview': { POST: 'settings:write' },
  '/api/requests': { GET: 'domains:read' },
  '/api/requests/[requestId]': { GET: 'domains:read' },
  '/api/requests/[requestId]/comparison': { GET: 'bodies:read' },
  '/api/requests/[requestId]/events': { GET: 'bodies:read' },
  '/api/requests/[requestId]/raw/[side]': { GET: 'bodies:read' },
  '/api/requests/[requestId]/replay': { GET: 'requests:replay', POST: 'requests:replay' },
  '/api/requests/[requestId]/star': { PUT: 'bodies:read' },
  '/api/retention': { GET: 'numbers:read' },
  '/api/retention/[domainId]': { PATCH: 'settings:write' },
  '/api/retention/preview': { GET: 'numbers:read' },
  '/api/retention/sweeps': { POST: 'settings:write' },
  '/api/setup': { POST: 'own door' },
  '/api/stats': { GET: 'domains:read' },
  '/api/storage': { GET: 'numbers:read' },
  '/api/storage-stats': { GET: 'numbers:read' },
  '/api/storage/erasures': { POST: 'settings:write' },
  '/api/token-usage/accounts': { GET: 'numbers:read' },
  '/api/token-usage/current': { GET: 'numbers:read' },
  '/api/token-usage/daily': { GET: 'numbers:read' },
  '/api/token-usage/time-series': { GET: 'numbers:read' },
  '/api/usage': { GET: 'domains:read' },
  '/api/usage/explorer': { GET: 'domains:read' },
  '/api/usage/export': { GET: 'domains:read' },
  '/api/usage/rerates': { GET: 'numbers:read', POST: 'settings:write' },
  '/api/usage/windows/[accountId]': { GET: 'numbers:read' },
  '/api/usage/windows/[accountId]/burners': { GET: 'numbers:read' },
  '/health': { GET: 'public' },
  '/health/live': { GET: 'public' },
  '/health/ready': { GET: 'public' },
  '/icon.svg': { GET: 'public' },
  '/metrics': { GET: 'own door' },
  '/token-stats': { GET: 'numbers:read' },
  '/v1/[...path]': {
    GET: 'own door',
    POST: 'own door',
    PUT: 'own door',
    PATCH: 'own door',
    DELETE: 'own door',
  },
}
