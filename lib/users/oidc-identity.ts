import { z } from 'zod'
import { normaliseEmail } from './email'

/** Who a provider of single sign-on says that somebody is. */
export interface OidcIdentity {
  /** Issuer and subject: the one name that never passes to somebody else. */
  readonly subject: string
  /** null = none, or nobody has checked that it is theirs. */
  readonly email: string | null
  readonly name: string | null
  /** When they gave their password there; null = it does not say. */
  readonly provedAt: Date | null
}

/** What is read of the claims of an identity token that was checked already (OpenID Connect Core 1.0, section 5.1). */
const claimsSchema = z.object({
  iss: z.string().min(1).max(500),
  sub: z.string().min(1).max(255),
  email: z.string().optional().catch(undefined),
  // Some send it as text.
  email_verified: z.union([z.boolean(), z.literal('true').transform(() => true)]).catch(false),
  name: z.string().trim().min(1).max(120).optional().catch(undefined),
  auth_time: z.number().int().positive().optional().catch(undefined),
})

/** Pure; throws where the claims name nobody. */
export function readIdentity(claims: unknown): OidcIdentity {
  const { iss, sub, email, email_verified: isVerified, name, auth_time: authTime } = claimsSchema.parse(claims)
  return {
    subject: `${iss} ${sub}`,
    email: isVerified === true && email !== undefined ? normaliseEmail(email) : null,
    name: name ?? null,
    provedAt: authTime === undefined ? null : new Date(authTime * 1_000),
  }
}

/** Whether an address is of one of these e-mail domains, each meaning itself alone and nothing below it. */
export function isOfDomains(email: string, domains: readonly string[]): boolean {
  return domains.includes(email.slice(email.lastIndexOf('@') + 1))
}
