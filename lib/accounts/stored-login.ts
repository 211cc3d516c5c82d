import { hotPool } from '@/lib/db'
import { openLogin, sealSecret, loginColumns, last4Of, type Login } from './secrets'

/** The stored login of an account as a refresh finds and leaves it. */
export interface StoredLogin {
  readonly login: Login
  /** As it was read: a later write counts only if nobody else has written since. */
  readonly sealed: Buffer
}

/** null when there is none any more. */
export async function loadLogin(uuid: string): Promise<StoredLogin | null> {
  const { rows } = await hotPool().query<{ sealed: Buffer }>(
    `SELECT sealed_secret AS sealed FROM accounts WHERE id = $1 AND kind = 'oauth' AND deleted_at IS NULL`,
    [uuid],
  )
  const sealed = rows[0]?.sealed
  return sealed ? { login: openLogin(sealed, uuid), sealed } : null
}

/** Puts a refreshed login in the place of the one it came from. false = somebody has replaced that meanwhile. */
export async function saveLogin(uuid: string, from: StoredLogin, login: Login): Promise<boolean> {
  const secret = { kind: 'oauth', oauth: login } as const
  const { tokenExpiresAt, canRefresh } = loginColumns(secret)
  const { rowCount } = await hotPool().query(
    `UPDATE accounts SET sealed_secret = $3, last4 = $4, token_expires_at = $5, can_refresh = $6, refreshed_at = now()
     WHERE id = $1 AND sealed_secret = $2 AND deleted_at IS NULL`,
    [uuid, from.sealed, sealSecret(secret, uuid), last4Of(secret), tokenExpiresAt, canRefresh],
  )
  return rowCount === 1
}
