import { z } from 'zod'
import { open, seal } from './secret-box'

export type AccountKind = 'api_key' | 'oauth'

/** Printable ASCII without spaces: what can stand in a header. */
const headerText = z.string().regex(/^[\x21-\x7e]{8,4096}$/, { error: 'Enter 8 or more characters, without spaces.' })

/** What the upstream issued for a stored login. */
export const oauthSchema = z.object({
  accessToken: headerText,
  refreshToken: headerText.optional(),
  expiresAt: z.union([z.number(), z.string()]).optional(),
  scopes: z.array(z.string().max(200)).max(50).optional(),
})

export const apiKeySchema = headerText

/** The secret of an account before it is sealed. */
export type AccountSecret =
  | { readonly kind: 'api_key'; readonly apiKey: string }
  | { readonly kind: 'oauth'; readonly oauth: z.infer<typeof oauthSchema> }

const placeOf = (uuid: string) => `accounts|${uuid}`

export function sealSecret(secret: AccountSecret, uuid: string): Buffer {
  return seal(textOf(secret), placeOf(uuid))
}

/** What goes into the credential header of a call. */
export function openSecret(sealed: Uint8Array, account: { uuid: string; kind: AccountKind }): string {
  const text = open(sealed, placeOf(account.uuid))
  return account.kind === 'api_key' ? text : oauthSchema.parse(JSON.parse(text)).accessToken
}

/** Whether a sealed secret already is this one. False also for what cannot be opened. */
export function isSameSecret(sealed: Uint8Array, secret: AccountSecret, uuid: string): boolean {
  try {
    return open(sealed, placeOf(uuid)) === textOf(secret)
  } catch {
    // Sealed with an earlier key: to be sealed again.
    return false
  }
}

export function last4Of(secret: AccountSecret): string {
  return (secret.kind === 'api_key' ? secret.apiKey : secret.oauth.accessToken).slice(-4)
}

function textOf(secret: AccountSecret): string {
  return secret.kind === 'api_key' ? secret.apiKey : JSON.stringify(secret.oauth)
}
