import { cleanText } from '@/components/message/clean-text'
import type { Column } from '@/components/ui/table'
import type { Sent } from '@/lib/clients/sent'
import { formatTime } from '@/lib/format'
import type { ListedAuditEvent } from '@/lib/users/list-audit'

type AuditRow = Sent<ListedAuditEvent>

export const auditColumns: readonly Column<AuditRow>[] = [
  { key: 'at', header: 'When (UTC)', cell: ({ at }) => <span className="whitespace-nowrap">{formatTime(at)}</span> },
  { key: 'actor', header: 'Who', cell: ({ actor }) => cleanText(actor) },
  { key: 'action', header: 'Action', isTitle: true, cell: ({ action }) => <span className="font-mono">{action}</span> },
  { key: 'target', header: 'What', cell: Target },
  { key: 'address', header: 'Address', cell: ({ address }) => address ?? <span className="text-muted">unknown</span> },
  { key: 'detail', header: 'Detail', cell: Detail },
]

function Target({ targetType, targetId }: AuditRow) {
  return (
    <span className="break-all" title={targetId}>
      {targetType} <span className="font-mono text-muted">{cleanText(targetId.slice(-8))}</span>
    </span>
  )
}

/** Before and after, folded away until somebody asks. */
function Detail({ detail }: AuditRow) {
  if (detail === '{}') return <span className="text-muted">none</span>
  return (
    <details>
      <summary className="target cursor-pointer leading-6 text-accent">show</summary>
      <pre className="mt-1 max-w-96 text-left text-table break-all whitespace-pre-wrap">
        {cleanText(pretty(detail))}
      </pre>
    </details>
  )
}

function pretty(detail: string): string {
  try {
    return JSON.stringify(JSON.parse(detail), null, 2)
  } catch {
    // Masking may have cut the JSON: the text says it as well.
    return detail
  }
}
