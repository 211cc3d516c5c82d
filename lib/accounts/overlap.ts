import { hotPool } from '@/lib/db'
import type { Account } from '@/prisma/client/client'
import { credentialHeader } from './credential-header'
import type { Candidate } from './domain-accounts'
import type { AccountSecret } from './secrets'

/** The longest that a credential may be kept beside the one that replaced it. */
export const longestOverlapMinutes = 10_080

type PreviousColumns = Pick<Account, 'sealedPrevious' | 'previousLast4' | 'previousUntil'>

export const noPrevious: PreviousColumns = { sealedPrevious: null, previousLast4: null, previousUntil: null }

interface Replacement {
  /** null = the credential stays. */
  readonly secret: AccountSecret | null
  /** How long the one before is kept; 0 = not at all; undefined = nothing was said. */
  readonly minutes: number | undefined
  /** Calls go to another host from now on. */
  readonly isElsewhere: boolean
}

/** What becomes of the credential before. A login is refreshed rather than replaced, and no key follows to another host. */
export function previousColumns(
  before: Account,
  { secret, minutes, isElsewhere }: Replacement,
): Partial<PreviousColumns> {
  if (!secret) return minutes === 0 ? noPrevious : {}
  if (!minutes || isElsewhere || secret.kind !== 'api_key') return noPrevious
  const previousUntil = new Date(Date.now() + minutes * 60_000)
  return { sealedPrevious: before.sealedSecret, previousLast4: before.last4, previousUntil }
}

/** The header of the credential before, while it is kept. */
export async function previousHeader(candidate: Candidate, nowMs: number) {
  const { previous } = candidate
  if (!previous || previous.untilMs <= nowMs) return undefined
  const credential = await credentialHeader({ ...candidate, sealedSecret: previous.sealedSecret })
  return 'header' in credential ? credential.header : undefined
}

/** Destroys what was kept long enough. */
export async function forgetPrevious(): Promise<void> {
  await hotPool().query(
    `UPDATE accounts SET sealed_previous = NULL, previous_last4 = NULL, previous_until = NULL WHERE previous_until < now()`,
  )
}
