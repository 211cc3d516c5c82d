'use client'

import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { BarsTable } from '@/components/charts/bars-table'
import { ChartFrame } from '@/components/charts/chart-frame'
import { StackedBars } from '@/components/charts/stacked-bars'
import { TimeRangePicker, useTimeRange } from '@/components/charts/time-range-picker'
import type { TimeBar } from '@/components/charts/time-bars'
import { cn } from '@/components/ui/cn'
import { PageHeader } from '@/components/ui/page-header'
import { formatCostUsd, formatCount } from '@/lib/format'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import type { ErrorGroup } from '@/lib/requests/query-errors'
import { CostlyConversations } from './costly-conversations'
import { DomainSelect } from './domain-select'
import { ErrorGroups } from './error-groups'
import { KpiCard } from './kpi-card'
import { LiveRefresh } from './live-refresh'
import type { Kpi } from './prepare-kpis'
import type { ChartModel } from './prepare-overview'
import type { FullWindow } from './prepare-windows'
import { StatusStrip, type SystemState } from './status-strip'
import { WindowsAtRisk } from './windows-at-risk'

interface OverviewProps {
  readonly state: SystemState
  readonly kpis: readonly Kpi[]
  readonly requests: ChartModel
  readonly cost: ChartModel
  /** null = this role does not see the windows of accounts. */
  readonly windows: readonly FullWindow[] | null
  readonly conversations: readonly ConversationSummary[]
  readonly errors: readonly ErrorGroup[]
  readonly domains: readonly string[]
  readonly timeZone: string
  /** Period and domain as the address has them, carried along to other pages. */
  readonly query: Readonly<Record<string, string>>
}

const asDollars = (dollars: number) => formatCostUsd(Math.round(dollars * 1e6))

/** Is it healthy, what did it cost, who is near a limit? */
export function Overview(props: OverviewProps) {
  return (
    <NuqsAdapter>
      <OverviewBody {...props} />
    </NuqsAdapter>
  )
}

function OverviewBody(props: OverviewProps) {
  const { state, kpis, requests, cost, windows, conversations, errors, domains, timeZone, query } = props
  const { setRange } = useTimeRange({ isServerRead: true })
  const hrefOf = (filter: Readonly<Record<string, string>>) =>
    `/requests?${new URLSearchParams({ ...query, ...filter }).toString()}`
  const zoomTo = (bar: TimeBar) => void setRange({ from: bar.start, to: bar.end })
  return (
    <>
      <PageHeader
        title="Overview"
        description="Is it healthy, what did it cost, and who is near a limit?"
        actions={
          <>
            <LiveRefresh />
            {domains.length > 1 && <DomainSelect domains={domains} />}
            <TimeRangePicker isServerRead />
          </>
        }
      />
      <StatusStrip state={state} />
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-3 xl:grid-cols-6">
        {kpis.map((kpi) => (
          <KpiCard key={kpi.key} kpi={kpi} href={hrefOf(kpi.filter)} />
        ))}
      </div>
      <div className="grid gap-4 xl:grid-cols-2">
        <OverviewChart title="Requests and errors" model={requests} formatValue={formatCount} onChoose={zoomTo} />
        <OverviewChart title="Cost by model" model={cost} formatValue={asDollars} onChoose={zoomTo} />
      </div>
      <div className={cn('my-4 grid gap-4', windows && 'xl:grid-cols-2')}>
        {windows && <WindowsAtRisk windows={windows} />}
        <CostlyConversations
          conversations={conversations}
          allHref={`/conversations?${new URLSearchParams({ ...query, sort: 'cost' }).toString()}`}
        />
      </div>
      <ErrorGroups groups={errors} timeZone={timeZone} hrefOf={hrefOf} />
    </>
  )
}

interface OverviewChartProps {
  title: string
  model: ChartModel
  formatValue: (value: number) => string
  onChoose: (bar: TimeBar) => void
}

function OverviewChart({ title, model, formatValue, onChoose }: OverviewChartProps) {
  const { series, bars, summary } = model
  return (
    <ChartFrame
      title={title}
      summary={summary}
      chart={<StackedBars series={series} bars={bars} formatValue={formatValue} onChoose={onChoose} />}
      table={<BarsTable caption={title} series={series} bars={bars} formatValue={formatValue} />}
    />
  )
}
