'use client'

import { useState } from 'react'
import useSWR from 'swr'
import { fetchJson, sendJson, type ApiError } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { SkeletonRows } from '@/components/ui/skeleton'
import { GrowingTable } from '@/components/ui/growing-table'
import type { Column } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import type { Sent } from '@/lib/sent'
import type { ListedSweep } from '@/lib/retention/list-sweeps'
import type { RetentionPolicy } from '@/lib/retention/policies'
import { DaysSelect } from './days-select'
import { SweepPreview, SweepResult } from './sweep-preview'

interface Retention {
  defaultDays: number
  policies: readonly RetentionPolicy[]
  sweeps: readonly Sent<ListedSweep>[]
  nextSweepAt: string
}

/** Each row has two selects. */
const lot = 20

/** How long each domain is kept, what that means tonight, and what the last nights removed. */
export function RetentionCard({ mayWrite }: { mayWrite: boolean }) {
  const { data, error, mutate } = useSWR<Retention, ApiError>('/api/retention', fetchJson, { refreshInterval: 10_000 })
  // Counting takes the database a while: only when something has changed.
  const preview = useSWR('/api/retention/preview', fetchJson, { revalidateOnFocus: false })

  async function change(policy: RetentionPolicy, days: Partial<RetentionPolicy>) {
    try {
      await sendJson(`/api/retention/${policy.domainId}`, { method: 'PATCH', body: days })
      await Promise.all([mutate(), preview.mutate()])
    } catch (reason) {
      toast.failure(reason)
    }
  }

  return (
    <Card>
      <CardHeader
        title="Retention"
        hint="Whole weeks go, at night. Token and cost figures stay for ever, and so does what is starred."
        actions={mayWrite && <SweepNow onStarted={() => void mutate()} />}
      />
      {error && !data && (
        <CardBody>
          <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
        </CardBody>
      )}
      {!data && !error && <SkeletonRows count={4} />}
      {data && (
        <>
          {data.policies.length > 0 && (
            <div className="border-b border-line">
              <GrowingTable
                caption="How long each domain is kept"
                rows={data.policies}
                noun="domain"
                textOf={({ domain }) => domain}
                lot={lot}
                rowKey={({ domainId }) => domainId}
                columns={columnsOf(data.defaultDays, mayWrite ? change : null)}
              />
            </div>
          )}
          <CardBody className="flex flex-col gap-1 text-body text-secondary">
            <SweepPreview preview={preview} />
            <LastSweep sweep={data.sweeps[0]} />
          </CardBody>
        </>
      )}
    </Card>
  )
}

type Change = (policy: RetentionPolicy, days: Partial<RetentionPolicy>) => Promise<void>

function columnsOf(defaultDays: number, change: Change | null): Column<RetentionPolicy>[] {
  const column = (key: 'bodyDays' | 'rowDays', header: string): Column<RetentionPolicy> => ({
    key,
    header,
    cell: (policy) => (
      <DaysSelect
        label={`${header} of ${policy.domain}`}
        value={policy[key]}
        defaultDays={defaultDays}
        onChange={change && ((days) => void change(policy, { [key]: days }))}
      />
    ),
  })
  return [
    {
      key: 'domain',
      header: 'Domain',
      isTitle: true,
      cell: ({ domain }) => <span className="break-all">{domain}</span>,
    },
    column('bodyDays', 'Content is kept'),
    column('rowDays', 'Requests are kept'),
  ]
}

function SweepNow({ onStarted }: { onStarted: () => void }) {
  const [isBusy, setBusy] = useState(false)
  async function start() {
    setBusy(true)
    try {
      await sendJson('/api/retention/sweeps', { method: 'POST' })
      toast.success('The sweep has begun.')
      onStarted()
    } catch (reason) {
      toast.failure(reason)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="small" isBusy={isBusy} onClick={() => void start()}>
      Sweep now
    </Button>
  )
}

function LastSweep({ sweep }: { sweep: Sent<ListedSweep> | undefined }) {
  if (!sweep) return <p>No sweep has run yet.</p>
  const { startedAt, startedBy, finishedAt, error } = sweep
  const who = startedBy ? `by ${startedBy}` : 'at night'
  return (
    <p className={error ? 'text-danger' : undefined}>
      Last sweep <RelativeTime at={startedAt} />, {who}:{' '}
      {error ? `failed (${error})` : finishedAt ? <SweepResult swept={sweep} verb="freed" /> : 'under way'}
    </p>
  )
}
