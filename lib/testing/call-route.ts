import { encode } from 'next-auth/jwt'
import { prisma } from '../prisma'
import { env } from '../env'
import { newId } from '../ids'
import type { Role } from '../users/permissions'
import { cookieName } from '../users/session-cookie'
import { recordSession } from '../users/sessions'

/** A new user of that role, logged in: the `cookie` header of their browser. A member sees the `domains` of these names. */
export async function signIn(role: Role, domains: readonly string[] = []): Promise<string> {
  const userId = newId()
  const name = `A ${role}`
  await prisma().user.create({ data: { id: userId, email: `${userId}@example.com`, name, role } })
  const granted = await prisma().domain.findMany({ where: { name: { in: [...domains] } } })
  await prisma().domainGrant.createMany({ data: granted.map((domain) => ({ userId, domainId: domain.id })) })
  const sessionId = await recordSession({ userId, epoch: 0, address: null, userAgent: null })
  const token = await encode({ token: { sub: userId, sid: sessionId }, secret: env().nextAuthSecret })
  return `${cookieName('session')}=${token}`
}

interface Call {
  /** From signIn; null = nobody. */
  readonly as: string | null
  readonly method?: string
  readonly path?: string
  readonly params?: Record<string, string>
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Any route handler, whatever its path parameters are called. */
type RouteHandler = (request: Request, context: { params: Promise<never> }) => Promise<Response>

/** Calls a route handler as the dashboard's own page would. */
export async function callRoute<Body = unknown>(handler: RouteHandler, call: Call) {
  const { as, method = 'GET', path = '/api/test', params = {}, body = {}, headers = {} } = call
  const ownPage = { origin: env().publicUrl, 'content-type': 'application/json', ...(as !== null && { cookie: as }) }
  const request = new Request(new URL(path, env().publicUrl), {
    method,
    headers: { ...ownPage, ...headers },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  })
  const response = await handler(request, { params: Promise.resolve(params as never) })
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) as Body }
}
