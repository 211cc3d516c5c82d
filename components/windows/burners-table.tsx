import Link from 'next/link'
import { cleanText } from '@/components/message/clean-text'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { cn } from '@/components/ui/cn'
import { formatCost } from '@/components/usage/format-metric'
import { formatCount, formatExact, formatPercent } from '@/lib/format'
import type { BurnerRow } from './prepare-burners'

const indents = ['', 'sm:pl-5', 'sm:pl-10'] as const
const levelNames = ['domain', 'client key', 'conversation'] as const

const columns: Column<BurnerRow>[] = [
  { key: 'name', header: 'Domain, key, conversation', isTitle: true, cell: (row) => <BurnerName row={row} /> },
  { key: 'cost', header: 'Cost', align: 'end', cell: formatCost },
  { key: 'share', header: 'Share', align: 'end', cell: ({ share }) => (share === null ? '–' : formatPercent(share)) },
  { key: 'tokens', header: 'Tokens', align: 'end', cell: ({ tokens }) => formatCount(tokens) },
  { key: 'requests', header: 'Requests', align: 'end', cell: ({ requests }) => formatExact(requests) },
]

/** Who used the account, as a tree that is drawn as a table. */
export function BurnersTable({ rows }: { rows: readonly BurnerRow[] }) {
  if (rows.length === 0) return <p className="text-body text-muted">Nobody has used it in this time.</p>
  return (
    <GrowingTable
      caption="Who uses it up"
      columns={columns}
      rows={rows}
      noun="row"
      rowKey={({ key }) => key}
      density="compact"
      maxHeight="24rem"
    />
  )
}

function BurnerName({ row: { level, name, href } }: { row: BurnerRow }) {
  const text = cleanText(name)
  return (
    <span
      className={cn('relative block max-w-full truncate sm:max-w-lg', indents[level], level === 0 && 'font-medium')}
      title={text}
    >
      <span className="sr-only">{levelNames[level]} </span>
      {href ? (
        <Link href={href} className="hover:text-accent hover:underline">
          {text}
        </Link>
      ) : (
        text
      )}
    </span>
  )
}
