'use client'

import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import useSWR from 'swr'
import { fetchJson, sendJson, type ApiError } from '@/components/shell/fetcher'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { IconButton } from '@/components/ui/icon-button'
import { ShareBar } from '@/components/ui/share-bar'
import { SkeletonRows } from '@/components/ui/skeleton'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import { NewLimit, type LimitSubject } from './new-limit'
import { prepareLimits, type BudgetJson, type LimitJson, type LimitRow } from './prepare-limits'

interface LimitsCardProps {
  /** null = those of everybody and everything. */
  subject: LimitSubject | null
  mayWrite: boolean
}

/** The limits and budgets of our own, how far they are used up, and a form for more. For any page. */
export function LimitsCard({ subject, mayWrite }: LimitsCardProps) {
  const [isAdding, setAdding] = useState(false)
  const { rows, error, reload } = useLimits(subject)
  async function remove({ limit }: LimitRow) {
    try {
      await sendJson(`/api/limits/${limit.id}`, { method: 'DELETE' })
      const { scope, scopeId, metric, amount, isEnforced } = limit
      toast.undoable('The limit is gone.', () => {
        void sendJson('/api/limits', { method: 'POST', body: { scope, scopeId, metric, amount, isEnforced } })
          .then(reload)
          .catch(toast.failure)
      })
    } catch (failure) {
      toast.failure(failure)
    }
    reload()
  }
  return (
    <Card className="min-w-0 overflow-hidden">
      <CardHeader
        title="Limits and budgets"
        hint="Of our own, beside those of Claude"
        actions={
          mayWrite && (
            <Button size="small" onClick={() => setAdding(true)}>
              <Plus aria-hidden />
              Set a limit
            </Button>
          )
        }
      />
      {error && <ErrorState message={error.message} requestId={error.requestId} onRetry={reload} />}
      {!rows && !error && <SkeletonRows count={2} />}
      {rows?.length === 0 && <CardBody className="text-body text-muted">No limit is set.</CardBody>}
      {rows && rows.length > 0 && (
        <GrowingTable
          caption="Limits and budgets"
          columns={columnsOf({ hasSubjects: subject === null, onRemove: mayWrite ? (row) => void remove(row) : null })}
          rows={rows}
          noun="limit"
          textOf={({ subject, name }) => `${subject} ${name}`}
          rowKey={({ limit }) => limit.id}
        />
      )}
      {isAdding && (
        <NewLimit
          subject={subject}
          onSet={() => {
            setAdding(false)
            reload()
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </Card>
  )
}

function useLimits(subject: LimitSubject | null) {
  const query = subject ? `?${new URLSearchParams({ ...subject }).toString()}` : ''
  const limits = useSWR<{ limits: readonly LimitJson[] }, ApiError>(`/api/limits${query}`, fetchJson)
  const budgets = useSWR<{ budgets: readonly BudgetJson[] }, ApiError>('/api/budgets', fetchJson, {
    refreshInterval: 30_000,
  })
  return {
    rows: limits.data && prepareLimits(limits.data.limits, budgets.data?.budgets ?? []),
    error: limits.error,
    reload: () => {
      void limits.mutate()
      void budgets.mutate()
    },
  }
}

interface ColumnOptions {
  hasSubjects: boolean
  onRemove: ((row: LimitRow) => void) | null
}

function columnsOf({ hasSubjects, onRemove }: ColumnOptions): Column<LimitRow>[] {
  const subject: Column<LimitRow> = { key: 'subject', header: 'For', cell: (row) => row.subject }
  const remove: Column<LimitRow> = {
    key: 'remove',
    header: <span className="sr-only">Remove</span>,
    align: 'end',
    cell: (row) => (
      <IconButton label={`Remove: ${row.name}, ${row.subject}`} onClick={() => onRemove?.(row)}>
        <Trash2 aria-hidden />
      </IconButton>
    ),
  }
  return [
    { key: 'name', header: 'Limit', isTitle: true, cell: (row) => row.name },
    ...(hasSubjects ? [subject] : []),
    { key: 'amount', header: 'At most', align: 'end', cell: (row) => row.amount },
    { key: 'used', header: 'Used up', cell: ({ used }) => (used ? <UsedBar used={used} /> : '–') },
    {
      key: 'kind',
      header: 'Kind',
      cell: ({ limit }) => (
        <Badge tone={limit.isEnforced ? 'accent' : 'neutral'}>{limit.isEnforced ? 'limit' : 'budget'}</Badge>
      ),
    },
    ...(onRemove ? [remove] : []),
  ]
}

function UsedBar({ used }: { used: NonNullable<LimitRow['used']> }) {
  return (
    <span className="flex items-center gap-2 numeric">
      <ShareBar share={used.share} tone={used.tone} className="w-20" />
      {used.text}
    </span>
  )
}
