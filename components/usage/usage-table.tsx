'use client'

import { Filter } from 'lucide-react'
import { Sparkline } from '@/components/charts/sparkline'
import { cleanText } from '@/components/message/clean-text'
import { Card, CardHeader } from '@/components/ui/card'
import { IconButton } from '@/components/ui/icon-button'
import { ShareBar } from '@/components/ui/share-bar'
import { Table, type Column } from '@/components/ui/table'
import { formatPercent } from '@/lib/format'
import type { UsageRow } from './prepare-usage-table'

interface UsageTableProps {
  title: string
  /** What the rows are, and in which order. */
  hint: string
  valueName: string
  rows: readonly UsageRow[]
  /** null = what is shown cannot be filtered by. */
  onFilter: ((key: string) => void) | null
}

/** The groups of the chart as rows: value, share and course. */
export function UsageTable({ title, hint, valueName, rows, onFilter }: UsageTableProps) {
  const columns: Column<UsageRow>[] = [
    { key: 'name', header: title, isTitle: true, cell: (row) => <GroupName row={row} onFilter={onFilter} /> },
    { key: 'value', header: valueName, align: 'end', cell: (row) => <span title={row.exact}>{row.text}</span> },
    { key: 'share', header: 'Share', cell: ({ share }) => share !== null && <ShareOfAll share={share} /> },
    {
      key: 'course',
      header: 'Course',
      isWideOnly: true,
      className: 'sm:w-20',
      cell: ({ course }) => <Sparkline values={course} />,
    },
  ]
  return (
    <Card className="min-w-0 overflow-hidden">
      <CardHeader title={title} hint={hint} />
      <Table
        caption={`${valueName} by ${title}`}
        columns={columns}
        rows={rows}
        rowKey={({ key, name }) => key ?? name}
        density="compact"
        maxHeight="24rem"
      />
    </Card>
  )
}

function GroupName({ row, onFilter }: { row: UsageRow; onFilter: UsageTableProps['onFilter'] }) {
  const name = cleanText(row.name)
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span
        className="size-2.5 shrink-0 rounded-[2px]"
        style={{ background: row.color ?? 'var(--chart-other)' }}
        aria-hidden
      />
      <span className="max-w-40 truncate" title={name}>
        {name}
      </span>
      {onFilter && row.key !== null && (
        <IconButton label={`Only ${name}`} onClick={() => onFilter(row.key ?? '')}>
          <Filter aria-hidden />
        </IconButton>
      )}
    </span>
  )
}

function ShareOfAll({ share }: { share: number }) {
  return (
    <span className="flex items-center gap-2 numeric">
      <ShareBar share={Math.max(0.02, share)} className="w-10" />
      <span className="w-10 text-right">{formatPercent(share)}</span>
    </span>
  )
}
