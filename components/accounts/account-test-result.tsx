import { StatusPill } from '@/components/ui/status-pill'
import { formatDuration } from '@/lib/format'
import type { AccountTest } from '@/lib/accounts/test-account'

/** What a test call found; `null` while it runs. */
export function AccountTestResult({ result }: { result: AccountTest | null }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 rounded-card border border-line bg-subtle px-3 py-2 text-body"
    >
      {result === null ? (
        <>
          <StatusPill status="pending">Testing</StatusPill> Asking the upstream for one model…
        </>
      ) : (
        <>
          <StatusPill status={result.ok ? 'ok' : 'danger'}>{result.ok ? 'Works' : 'Failed'}</StatusPill>
          <span>{result.message}</span>
          <span className="text-muted numeric">
            {result.status !== null && `${result.status} · `}
            {formatDuration(result.latencyMs)}
          </span>
        </>
      )}
    </div>
  )
}
