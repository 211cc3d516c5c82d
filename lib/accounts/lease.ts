import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { shared } from '@/lib/shared'

const holder = () => shared('accounts.lease-holder', newId)

/** Takes work that only one process may do, for a while. false = another one has it. */
export async function takeLease(name: string, durationMs: number): Promise<boolean> {
  const { rowCount } = await hotPool().query(
    `INSERT INTO leases AS held (name, holder, expires_at) VALUES ($1, $2, now() + $3 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
     WHERE held.expires_at < now()`,
    [name, holder(), durationMs],
  )
  return rowCount === 1
}

export async function releaseLease(name: string): Promise<void> {
  await hotPool().query('DELETE FROM leases WHERE name = $1 AND holder = $2', [name, holder()])
}
