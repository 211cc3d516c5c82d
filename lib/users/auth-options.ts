import type { AuthOptions, User } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import { prisma } from '@/lib/db'
import { env } from '@/lib/env'
import { isAppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { recordAudit } from './audit'
import { safeCallbackPath } from './callback-path'
import { clientAddress } from './client-address'
import { logIn } from './log-in'
import { cookieName, isSecure, type SessionClaim } from './session-cookie'
import { absoluteLimitDays, endSession, getSession } from './sessions'

const credentials = CredentialsProvider({
  name: 'password',
  credentials: { email: { type: 'email' }, password: { type: 'password' }, code: { type: 'text' } },
  async authorize(given, request): Promise<User | null> {
    const headers = new Headers((request.headers ?? {}) as Record<string, string>)
    const attempt = {
      email: given?.email ?? '',
      password: given?.password ?? '',
      code: given?.code ?? '',
      address: clientAddress(headers),
      userAgent: headers.get('user-agent'),
    }
    try {
      const { userId, sessionId } = await logIn(attempt)
      return { id: userId, sessionId }
    } catch (error) {
      throw new Error(loginErrorCode(error, attempt.code), { cause: error })
    }
  },
})

/** What the login page gets to know: `code`, `wrong-code`, `wrong`, `wait-30` or `failed`. */
function loginErrorCode(error: unknown, code: string): string {
  if (isAppError(error) && error.details?.needs === 'code') return code === '' ? 'code' : 'wrong-code'
  if (isAppError(error) && error.code === 'unauthenticated') return 'wrong'
  if (isAppError(error) && error.code === 'rate-limited') return `wait-${Number(error.details?.retryAfterSeconds ?? 5)}`
  log().error({ error }, 'a login failed')
  return 'failed'
}

function claimOf(token: JWT): SessionClaim | null {
  return typeof token.sub === 'string' && typeof token.sid === 'string'
    ? { userId: token.sub, sessionId: token.sid }
    : null
}

async function endLogin(token: JWT): Promise<void> {
  const claim = claimOf(token)
  const ended = claim && (await endSession(claim))
  if (!ended) return
  const actor = { userId: claim.userId, name: ended.userName }
  await recordAudit(prisma(), { actor, action: 'user.logout', targetType: 'user', targetId: claim.userId })
}

/** next-auth as the carrier of the cookie; whether a login holds is decided in `sessions.ts`, on every request. */
export function authOptions(): AuthOptions {
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() } as const
  return {
    secret: env().nextAuthSecret,
    providers: [credentials],
    session: { strategy: 'jwt', maxAge: absoluteLimitDays * 86_400 },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: { name: cookieName('session'), options },
      callbackUrl: { name: cookieName('callback'), options },
      csrfToken: { name: cookieName('csrf'), options },
    },
    pages: { signIn: '/login', signOut: '/login', error: '/login' },
    callbacks: {
      jwt: ({ token, user }) =>
        user
          ? { sub: user.id, sid: (user as User & { sessionId: string }).sessionId }
          : { sub: token.sub, sid: token.sid },
      session: async ({ session, token }) => {
        const claim = claimOf(token)
        const held = claim && (await getSession(claim))
        return { ...session, user: held ? { name: held.name, email: held.email } : undefined }
      },
      redirect: ({ url, baseUrl }) =>
        baseUrl + safeCallbackPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url),
    },
    events: { signOut: ({ token }) => endLogin(token) },
    logger: {
      error: (code) => log().warn({ code }, 'next-auth refused a request'),
      warn: (code) => log().debug({ code }, 'next-auth warns'),
      debug: () => undefined,
    },
  }
}
