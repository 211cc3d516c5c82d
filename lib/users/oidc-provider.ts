import type { OAuthConfig } from 'next-auth/providers/oauth'
import type { OidcSettings } from '@/lib/env'
import { absoluteLimitDays } from './sessions'

export const oidcProviderId = 'oidc'

type Claims = Record<string, unknown>

/**
 * Any provider of OpenID Connect. With `max_age` it has to say when somebody gave their password, so that a login that
 * merely rides on an old one is told from a fresh one.
 */
export function oidcProvider({ issuer, clientId, clientSecret, name }: OidcSettings): OAuthConfig<Claims> {
  return {
    id: oidcProviderId,
    name,
    type: 'oauth',
    wellKnown: `${issuer}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    authorization: { params: { scope: 'openid email profile', max_age: absoluteLimitDays * 86_400 } },
    httpOptions: { timeout: 10_000 },
    userinfo: {
      // Some keep the address out of the identity token. The client checks that both speak of the same subject.
      async request({ tokens: given, client }) {
        // What next-auth hands over is openid-client's own TokenSet, whatever its type says.
        const tokens = given as Exclude<Parameters<typeof client.userinfo>[0], string>
        const claims = tokens.claims()
        const hasMore = claims.email === undefined && client.issuer.metadata.userinfo_endpoint !== undefined
        return hasMore ? { ...(await client.userinfo(tokens)), ...claims } : claims
      },
    },
    // Who this is with us, auth-options.ts finds out; next-auth wants an id meanwhile.
    profile: (claims) => ({ id: String(claims.sub), sessionId: '' }),
  }
}
