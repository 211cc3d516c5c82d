'use client'

import { Download } from 'lucide-react'
import { parseAsString, useQueryStates } from 'nuqs'
import useSWRInfinite from 'swr/infinite'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { SaveLink } from '@/components/shell/save-link'
import { Button, buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { LoadMore } from '@/components/ui/pagination'
import { SkeletonRows } from '@/components/ui/skeleton'
import { Table } from '@/components/ui/table'
import type { Sent } from '@/lib/sent'
import { formatQuantity } from '@/lib/format'
import type { ListedAuditEvent } from '@/lib/users/list-audit'
import { auditColumns } from './audit-columns'
import { AuditFilterBar, noFilter } from './audit-filter-bar'
import { ChainCheckButton } from './chain-check-button'

interface AuditPage {
  readonly events: readonly Sent<ListedAuditEvent>[]
  readonly pagination: { readonly nextCursor: string | null }
}

/** Who did what: filtered in the address, newest first. */
export function AuditView({ actions }: { actions: readonly string[] }) {
  const [filter, setFilter] = useQueryStates(
    {
      action: parseAsString.withDefault(''),
      actor: parseAsString.withDefault(''),
      from: parseAsString.withDefault(''),
      to: parseAsString.withDefault(''),
    },
    { history: 'push' },
  )
  const query = queryOf(filter)
  const { data, error, size, setSize, isLoading, mutate } = useSWRInfinite<AuditPage, ApiError>(
    (index, before: AuditPage | null) => {
      if (before && before.pagination.nextCursor === null) return null
      const cursor = index === 0 ? '' : `&cursor=${before?.pagination.nextCursor ?? ''}`
      return `/api/audit?${query}${cursor}`
    },
    fetchJson,
    { revalidateFirstPage: false },
  )
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Logins, changes, exports, and every look at what was said. Entries are chained by hash: one that is changed or removed shows."
        actions={
          <>
            <ChainCheckButton />
            {(['csv', 'jsonl'] as const).map((format) => (
              <SaveLink
                key={format}
                path={`/api/audit/export?${query}&format=${format}`}
                className={buttonClass({ size: 'small' })}
              >
                <Download aria-hidden />
                <span className="sr-only">Export as </span>
                {format.toUpperCase()}
              </SaveLink>
            ))}
          </>
        }
      />
      <AuditFilterBar actions={actions} filter={filter} onChange={(change) => void setFilter(change)} />
      <Card className="overflow-hidden">
        {error && <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />}
        {isLoading && <SkeletonRows count={8} />}
        {data?.[0]?.events.length === 0 && (
          <EmptyState
            title="No entry fits"
            reason="Nothing was written down for this filter."
            action={<Button onClick={() => void setFilter(noFilter)}>Clear the filter</Button>}
          />
        )}
        {data && <AuditPages pages={data} isLoading={data.length < size} onMore={() => void setSize(size + 1)} />}
      </Card>
    </>
  )
}

interface AuditPagesProps {
  pages: readonly AuditPage[]
  isLoading: boolean
  onMore: () => void
}

function AuditPages({ pages, isLoading, onMore }: AuditPagesProps) {
  const events = pages.flatMap((page) => page.events)
  if (events.length === 0) return null
  return (
    <>
      <Table caption="Audit log" columns={auditColumns} rows={events} rowKey={({ sequence }) => sequence} />
      <LoadMore
        nextCursor={pages.at(-1)?.pagination.nextCursor ?? null}
        isLoading={isLoading}
        onLoadMore={onMore}
        shown={formatQuantity(events.length, 'entry', 'entries')}
      />
    </>
  )
}

function queryOf(filter: Record<string, string | null>): string {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return new URLSearchParams(given).toString()
}
