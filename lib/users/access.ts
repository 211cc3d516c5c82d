import { createHash, timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { errorResponse, requirePlainAddress } from '@/lib/http'
import { plainId } from '@/lib/ids'
import { mayActorDo, type Permission, type Role } from './permissions'
import { requireJson, requireSameOrigin } from './same-origin'
import { readSessionCookie } from './session-cookie'
import { getSession, type Session } from './sessions'

/** Who does something: a user, or the holder of DASHBOARD_API_KEY (no user, no role). */
export interface Actor {
  readonly kind: 'user' | 'dashboard_key'
  readonly userId: string | null
  readonly sessionId: string | null
  readonly name: string
  readonly role: Role | null
  /** See Session: they may do nothing but put that right. */
  readonly lacksSecondFactor?: boolean
}

const readMethods = new Set(['GET', 'HEAD'])

/** The guard of every handler: who is asking, and may they? Throws 401, 403; for changes also a foreign origin. */
export async function requireActor(request: Request, permission: Permission): Promise<Actor> {
  const key = presentedKey(request.headers)
  const actor = key === null ? await sessionActor(request) : keyActor(key)
  if (!readMethods.has(request.method)) requireOwnPage(request, actor)
  if (!mayActorDo(actor.role, permission)) throw new AppError('forbidden', `Your role does not include ${permission}.`)
  if (actor.lacksSecondFactor && permission !== 'self:write')
    throw new AppError('forbidden', 'Your role needs a second factor: switch it on under Settings first.')
  return actor
}

/** The session of a `cookie` header, if one holds. For pages and for handlers that everybody with a login may call. */
export async function findSession(cookieHeader: string | null): Promise<Session | null> {
  const claim = await readSessionCookie(cookieHeader)
  return claim && getSession(claim)
}

/** The user and login behind an actor, for what one does to oneself; the dashboard key has neither. */
export function requireUserSession(actor: Actor): { userId: string; sessionId: string } {
  const { userId, sessionId } = actor
  if (userId === null || sessionId === null) throw new AppError('forbidden', 'This needs a user who is logged in.')
  return { userId, sessionId }
}

function presentedKey(headers: Headers): string | null {
  return headers.get('x-dashboard-key') ?? /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null
}

function keyActor(presented: string): Actor {
  const expected = env().DASHBOARD_API_KEY
  if (!expected || !isEqual(presented, expected)) throw new AppError('forbidden', 'The dashboard key is not valid.')
  return { kind: 'dashboard_key', userId: null, sessionId: null, name: 'dashboard key', role: null }
}

/** Equal-length digests, so that the time taken tells nothing about the key. */
function isEqual(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

async function sessionActor(request: Request): Promise<Actor> {
  const session = await findSession(request.headers.get('cookie')).catch((cause: unknown) => {
    throw new AppError(
      'unavailable',
      'The database cannot be reached. The proxy keeps serving; try again in a moment.',
      { cause },
    )
  })
  if (!session) throw new AppError('unauthenticated', 'Log in, or send X-Dashboard-Key.')
  const { userId, sessionId, name, role, lacksSecondFactor } = session
  return { kind: 'user', userId, sessionId, name, role, lacksSecondFactor }
}

function requireOwnPage(request: Request, actor: Actor): void {
  if (actor.kind === 'dashboard_key') throw new AppError('forbidden', 'The dashboard key may only read.')
  requireSameOrigin(request, env().publicUrl)
  requireJson(request)
}

interface Handled<Params> {
  readonly request: Request
  readonly actor: Actor
  readonly params: Params
}

type RouteHandler<Params> = (request: Request, context: { params: Promise<Params> }) => Promise<Response>

/** Wraps a route handler: nobody without the permission gets in, every error becomes an answer, no cache keeps one. */
export function apiHandler<Params = Record<never, never>>(
  permission: Permission,
  handle: (handled: Handled<Params>) => Promise<Response>,
): RouteHandler<Params> {
  return async (request, context) => {
    try {
      const actor = await requireActor(request, permission)
      requirePlainAddress(request)
      const response = await handle({ request, actor, params: plainIds(await context.params) })
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
      return response
    } catch (error) {
      return errorResponse(error, request)
    }
  }
}

/** Of what an address names, every id as it is written here. One that names nothing comes without params. */
function plainIds<Params>(params: Params | undefined): Params {
  const given = Object.entries(params ?? {})
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? plainId(value) : value]),
  ) as Params
}
