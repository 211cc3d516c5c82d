import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill, type Status } from '@/components/ui/status-pill'
import type { ListedAccount } from '@/lib/accounts/accounts'
import type { Sent } from '@/lib/sent'

export type AccountRow = Sent<ListedAccount>

const looks: Record<AccountRow['status'], { status: Status; word: string }> = {
  ok: { status: 'ok', word: 'Ready' },
  cooling: { status: 'warn', word: 'Cooling' },
  failing: { status: 'danger', word: 'Failing' },
  needs_login: { status: 'danger', word: 'Needs a new credential' },
  paused: { status: 'paused', word: 'Paused' },
}

const causes: Record<NonNullable<AccountRow['coolingCause']>, string> = {
  throttle: 'too many requests',
  window: 'window used up',
  quota: 'spending limit reached',
}

/** How an account stands, why, and when it is back. */
export function AccountStatus({ account }: { account: AccountRow }) {
  const { status, word } = looks[account.status]
  const { backAt, coolingCause, restingFor } = account
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <StatusPill status={status}>{word}</StatusPill>
      {(coolingCause || backAt) && (
        <span className="text-muted">
          {coolingCause && `${causes[coolingCause]}, `}
          {backAt && (
            <>
              back <RelativeTime at={backAt} />
            </>
          )}
        </span>
      )}
      {restingFor.map(({ models, until }) => (
        <span key={models} className="text-warn">
          not for {models}, back <RelativeTime at={until} />
        </span>
      ))}
    </span>
  )
}

/** What went wrong last. */
export function LastError({ account: { lastError, lastErrorAt } }: { account: AccountRow }) {
  if (!lastError || !lastErrorAt) return <span className="text-muted">none</span>
  return (
    <span className="text-secondary">
      {lastError}, <RelativeTime at={lastErrorAt} />
    </span>
  )
}
