import type { AuthOptions, CallbacksOptions, User } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { isAppError, type AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { recordAudit } from './audit'
import { safeCallbackPath } from './callback-path'
import { clientAddress } from './client-address'
import { logIn } from './log-in'
import { logInWithOidc } from './log-in-oidc'
import { readIdentity } from './oidc-identity'
import { oidcProvider, oidcProviderId } from './oidc-provider'
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

/** What the login page gets to know: `code`, `wrong-code`, `wrong`, `wait-30`, `oidc-…` or `failed`. */
function loginErrorCode(error: unknown, code = ''): string {
  const known = isAppError(error) ? knownErrorCode(error, code) : null
  if (known === null) log().error({ error }, 'a login failed')
  return known ?? 'failed'
}

function knownErrorCode({ code: kind, details }: AppError, code: string): string | null {
  if (details?.needs === 'oidc') return 'oidc-only'
  if (details?.oidc) return `oidc-${String(details.oidc)}`
  if (details?.needs === 'code') return code === '' ? 'code' : 'wrong-code'
  if (kind === 'unauthenticated') return 'wrong'
  return kind === 'rate-limited' ? `wait-${Number(details?.retryAfterSeconds ?? 5)}` : null
}

/** In a word or two, such as `invalid_client` or that the provider cannot be reached. The log masks secrets. */
function reasonOf(about: unknown): string {
  const error = about instanceof Error ? about : (about as { error?: unknown } | undefined)?.error
  return error instanceof Error ? error.message.slice(0, 300) : ''
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

/** Turns whom the provider of single sign-on vouches for into a user of ours, or leads back to the login with the reason. */
function admitFromProvider(headers: Headers): NonNullable<CallbacksOptions['signIn']> {
  return async ({ user, account, profile }) => {
    if (account?.provider !== oidcProviderId) return true
    try {
      const caller = { address: clientAddress(headers), userAgent: headers.get('user-agent') }
      const { userId, sessionId } = await logInWithOidc(readIdentity(profile), caller)
      // The same object goes into the `jwt` callback.
      Object.assign(user, { id: userId, sessionId })
      return true
    } catch (error) {
      return `${env().publicUrl}/login?error=${loginErrorCode(error)}`
    }
  }
}

const oneFlowSeconds = 900

/** next-auth as the carrier of the cookie; whether a login holds is decided in `sessions.ts`, on every request. */
export function authOptions(headers: Headers): AuthOptions {
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() } as const
  const ofOneFlow = { ...options, maxAge: oneFlowSeconds }
  const { oidc } = env()
  return {
    secret: env().nextAuthSecret,
    providers: oidc ? [credentials, oidcProvider(oidc)] : [credentials],
    session: { strategy: 'jwt', maxAge: absoluteLimitDays * 86_400 },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: { name: cookieName('session'), options },
      callbackUrl: { name: cookieName('callback'), options },
      csrfToken: { name: cookieName('csrf'), options },
      state: { name: cookieName('oidc-state'), options: ofOneFlow },
      nonce: { name: cookieName('oidc-nonce'), options: ofOneFlow },
      pkceCodeVerifier: { name: cookieName('oidc-verifier'), options: ofOneFlow },
    },
    pages: { signIn: '/login', signOut: '/login', error: '/login' },
    callbacks: {
      signIn: admitFromProvider(headers),
      jwt: ({ token, user }) =>
        user
          ? { sub: user.id, sid: (user as User & { sessionId: string }).sessionId }
          : { sub: token.sub, sid: token.sid },
      session: async ({ session, token }) => {
        const claim = claimOf(token)
        const held = claim && (await getSession(claim))
        return { ...session, user: held ? { name: held.name, email: held.email } : undefined }
      },
      redirect: ({ url, baseUrl }) => baseUrl + safeCallbackPath(url, baseUrl),
    },
    events: { signOut: ({ token }) => endLogin(token) },
    logger: {
      error: (code, about) => log().warn({ code, why: reasonOf(about) }, 'next-auth refused a request'),
      warn: (code) => log().debug({ code }, 'next-auth warns'),
      debug: () => undefined,
    },
  }
}
