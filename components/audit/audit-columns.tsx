import Link from 'next/link'
import { cleanText } from '@/components/message/clean-text'
import type { Column } from '@/components/ui/table'
import type { Sent } from '@/lib/sent'
import { formatTime } from '@/lib/format'
import type { ListedAuditEvent } from '@/lib/users/list-audit'
import { fewWords } from './few-words'

type AuditRow = Sent<ListedAuditEvent>

export const auditColumns: readonly Column<AuditRow>[] = [
  { key: 'at', header: 'When', cell: ({ at }) => <span className="whitespace-nowrap">{formatTime(at)}</span> },
  { key: 'actor', header: 'Who', cell: ({ actor }) => cleanText(actor) },
  { key: 'action', header: 'Action', isTitle: true, cell: ({ action }) => <span className="font-mono">{action}</span> },
  { key: 'target', header: 'What', cell: Target },
  { key: 'address', header: 'Address', cell: ({ address }) => address ?? <span className="text-muted">unknown</span> },
  { key: 'detail', header: 'Detail', cell: Detail },
]

/** Where one can look at what was done something to. */
const pages = new Map([
  ['request', '/requests/'],
  ['conversation', '/conversations/'],
  ['domain', '/domains/'],
  ['account', '/accounts?account='],
])

function Target({ targetType, targetId }: AuditRow) {
  const page = pages.get(targetType)
  const id = cleanText(targetId.slice(-8))
  return (
    <span className="sm:whitespace-nowrap" title={cleanText(targetId)}>
      {targetType}{' '}
      {page ? (
        <Link
          href={page + encodeURIComponent(targetId)}
          prefetch={false}
          className="font-mono text-accent hover:underline"
        >
          {id}
        </Link>
      ) : (
        <span className="font-mono text-muted">{id}</span>
      )}
    </span>
  )
}

/** A few words as they are; before and after, folded away until somebody asks. */
function Detail({ detail }: AuditRow) {
  if (detail === '{}') return <span className="text-muted">none</span>
  const words = fewWords(detail)
  if (words !== null) return <span className="wrap-anywhere text-secondary">{words}</span>
  return (
    <details>
      <summary className="target cursor-pointer leading-6 text-accent">show</summary>
      <pre className="mt-1 max-w-96 text-left text-table wrap-anywhere whitespace-pre-wrap">
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
