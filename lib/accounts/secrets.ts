import { createHmac, hkdfSync } from 'node:crypto'
import { z } from 'zod'
import { env } from '@/lib/env'
import { shared } from '@/lib/shared'
import { open, seal } from './secret-box'

export type AccountKind = 'api_key' | 'oauth'

/** Printable ASCII without spaces: what can stand in a header. Around it, what copying brings along. */
export const headerText = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,4096}$/, { error: 'Enter 8 or more characters, without spaces.' })

/** What the upstream issued for a stored login. */
export const oauthSchema = z.object({
  accessToken: headerText,
  refreshToken: headerText.optional(),
  expiresAt: z.union([z.number(), z.string()]).optional(),
  scopes: z.array(z.string().max(200)).max(50).optional(),
})

export const apiKeySchema = headerText

export type Login = z.infer<typeof oauthSchema>

/** The secret of an account before it is sealed. */
export type AccountSecret =
  { readonly kind: 'api_key'; readonly apiKey: string } | { readonly kind: 'oauth'; readonly oauth: Login }

const placeOf = (uuid: string) => `accounts|${uuid}`

export function sealSecret(secret: AccountSecret, uuid: string): Buffer {
  return seal(textOf(secret), placeOf(uuid))
}

/** What goes into the credential header of a call. */
export function openSecret(sealed: Uint8Array, account: { uuid: string; kind: AccountKind }): string {
  return account.kind === 'api_key' ? open(sealed, placeOf(account.uuid)) : openLogin(sealed, account.uuid).accessToken
}

export function openLogin(sealed: Uint8Array, uuid: string): Login {
  return oauthSchema.parse(JSON.parse(open(sealed, placeOf(uuid))))
}

/** When the token of a login ends; null = it does not say. Files write milliseconds, seconds or an ISO text. */
export function expiryOf({ expiresAt }: Login): Date | null {
  if (expiresAt === undefined) return null
  const number = Number(expiresAt)
  const atMs = Number.isNaN(number) ? Date.parse(String(expiresAt)) : number < 1e11 ? number * 1000 : number
  return Number.isNaN(atMs) || Math.abs(atMs) > 8.64e15 ? null : new Date(atMs)
}

/** What may be read of a login without opening it. */
export function loginColumns(secret: AccountSecret): { tokenExpiresAt: Date | null; canRefresh: boolean } {
  if (secret.kind === 'api_key') return { tokenExpiresAt: null, canRefresh: false }
  return { tokenExpiresAt: expiryOf(secret.oauth), canRefresh: secret.oauth.refreshToken !== undefined }
}

/** Tells whether a file still gives what it gave before, without opening what is stored. */
export function hashSecret(secret: AccountSecret): Buffer {
  return createHmac('sha256', hashKey()).update(textOf(secret)).digest()
}

function hashKey(): Buffer {
  return shared('accounts.imported-hash-key', () =>
    Buffer.from(hkdfSync('sha256', env().encryptionKey, 'nexus-proxy', 'imported credential v1', 32)),
  )
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

/** The header that carries a secret to the upstream. */
export function headerOf(secret: AccountSecret): readonly ['x-api-key' | 'authorization', string] {
  return secret.kind === 'api_key'
    ? ['x-api-key', secret.apiKey]
    : ['authorization', `Bearer ${secret.oauth.accessToken}`]
}

export function last4Of(secret: AccountSecret): string {
  return (secret.kind === 'api_key' ? secret.apiKey : secret.oauth.accessToken).slice(-4)
}

function textOf(secret: AccountSecret): string {
  return secret.kind === 'api_key' ? secret.apiKey : JSON.stringify(secret.oauth)
}
