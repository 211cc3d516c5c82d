'use client'

import useSWR from 'swr'
import { BarsTable } from '@/components/charts/bars-table'
import { ChartFrame } from '@/components/charts/chart-frame'
import { StackedBars } from '@/components/charts/stacked-bars'
import type { BarSeries, TimeBar } from '@/components/charts/time-bars'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { Card, CardHeader } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { Skeleton } from '@/components/ui/skeleton'
import { formatBytes } from '@/lib/format'
import type { JournalState } from '@/lib/retention/query-storage'
import { DomainsCard } from './domains-card'
import { JournalCard } from './journal-card'
import { diskSeries, prepareStorageBars, summariseStorage, trafficSeries, type StorageJson } from './prepare-storage'
import { RetentionCard } from './retention-card'
import { StorageFigures } from './storage-figures'
import { WeeksCard } from './weeks-card'

export type StorageAnswer = StorageJson & { readonly journal: JournalState | null }

/** How large is the record, and how long is it kept? */
export function StorageView({ mayWrite }: { mayWrite: boolean }) {
  const { data, error, mutate } = useSWR<StorageAnswer, ApiError>('/api/storage', fetchJson, {
    refreshInterval: 30_000,
  })
  return (
    <>
      <PageHeader title="Storage" description="How large is the record, and how long is it kept?" />
      {error && !data && (
        <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
      )}
      {!error && !data && <StorageSkeleton />}
      {data && (
        <div className="flex flex-col gap-4">
          <StorageFigures storage={data} />
          <StorageCharts storage={data} />
          <RetentionCard mayWrite={mayWrite} />
          <DomainsCard
            domains={data.domains}
            measuredOn={data.measuredOn}
            mayWrite={mayWrite}
            onErased={() => void mutate()}
          />
          <div className="grid gap-4 xl:grid-cols-2">
            <WeeksCard weeks={data.weeks} />
            {data.journal && <JournalCard journal={data.journal} />}
          </div>
        </div>
      )}
    </>
  )
}

function StorageCharts({ storage: { days } }: { storage: StorageAnswer }) {
  const summary = summariseStorage(days)
  const today = new Date().toISOString().slice(0, 10)
  // Content alone, from before the database was measured, would look like a leap later.
  const measured = days.filter(({ databaseBytes }) => databaseBytes !== null)
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <BytesChart
        title="On disk, day by day"
        summary={summary.disk}
        series={diskSeries}
        bars={prepareStorageBars(measured, today)}
      />
      <BytesChart
        title="Passed through"
        summary={summary.traffic}
        series={trafficSeries}
        bars={prepareStorageBars(days, today)}
      />
    </div>
  )
}

interface BytesChartProps {
  title: string
  summary: string
  series: readonly BarSeries[]
  bars: readonly TimeBar[]
}

function BytesChart({ title, summary, series, bars }: BytesChartProps) {
  if (bars.length === 0) {
    return (
      <Card>
        <CardHeader title={title} hint={summary} />
      </Card>
    )
  }
  const drawn = { series, bars, formatValue: formatBytes }
  return (
    <ChartFrame
      title={title}
      summary={summary}
      chart={<StackedBars {...drawn} unit="bytes" />}
      table={<BarsTable caption={`${title}, in bytes`} {...drawn} />}
    />
  )
}

function StorageSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-24" />
      <Skeleton className="h-72" />
      <Skeleton className="h-48" />
    </div>
  )
}
