import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill, type Status } from '@/components/ui/status-pill'
import type { ListedAccount } from '@/lib/accounts/accounts'
import type { Sent } from '@/lib/clients/sent'

export type AccountRow = Sent<ListedAccount>

const looks: Record<AccountRow['status'], { status: Status; word: string }> = {
  ok: { status: 'ok', word: 'Ready' },
  cooling: { status: 'warn', word: 'Cooling' },
  failing: { status: 'danger', word: 'Failing' },
  needs_login: { status: 'danger', word: 'Needs a new credential' },
  paused: { status: 'paused', word: 'Paused' },
}

/** How an account stands, and when it is back. */
export function AccountStatus({ account }: { account: AccountRow }) {
  const { status, word } = looks[account.status]
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <StatusPill status={status}>{word}</StatusPill>
      {account.backAt && (
        <span className="text-muted">
          back <RelativeTime at={account.backAt} />
        </span>
      )}
    </span>
  )
}
