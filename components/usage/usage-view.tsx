'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useRef } from 'react'
import useSWR from 'swr'
import { BarsTable } from '@/components/charts/bars-table'
import { ChartFrame } from '@/components/charts/chart-frame'
import { StackedBars } from '@/components/charts/stacked-bars'
import { TimeRangePicker } from '@/components/charts/time-range-picker'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { RelativeTime } from '@/components/ui/relative-time'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import { metricKinds } from '@/lib/usage/usage-metrics'
import { usageGroups } from '@/lib/usage/usage-filter'
import { ExportMenu } from './export-menu'
import { formatAxis } from './format-metric'
import { LimitsCard } from './limits-card'
import { PriceSheet } from './price-sheet'
import { prepareUsageChart, type ExplorerJson } from './prepare-usage-chart'
import { prepareUsageFigures } from './prepare-usage-figures'
import { prepareUsageTable } from './prepare-usage-table'
import { UnpricedNotice } from './unpriced-notice'
import { groupNames, UsageControls } from './usage-controls'
import { UsageFigures } from './usage-figures'
import { UsageFilters } from './usage-filters'
import { UsageTable } from './usage-table'
import { useUsageQuery, type UsageQueryState } from './use-usage-query'

interface UsageViewProps {
  /** What the server computed, and for which query. */
  readonly initial: { readonly query: string; readonly explorer: ExplorerJson }
  readonly options: FilterOptions
  readonly pricesAsOf: string
  /** Prices and limits are those of the whole installation. */
  readonly mayReadAll: boolean
  readonly mayWrite: boolean
}

const refreshMs = 30_000

/** Where do tokens and money go? */
export function UsageView({ initial, options, pricesAsOf, mayReadAll, mayWrite }: UsageViewProps) {
  const state = useUsageQuery()
  const [prices, setPrices] = useQueryState('prices', parseAsString)
  const chartRef = useRef<HTMLDivElement>(null)
  const { data, error, mutate } = useSWR<ExplorerJson, ApiError>(`/api/usage/explorer?${state.query}`, fetchJson, {
    fallbackData: state.query === initial.query ? initial.explorer : undefined,
    keepPreviousData: true,
    revalidateOnMount: state.query !== initial.query,
    revalidateOnFocus: false,
    refreshInterval: state.isOpenEnded ? refreshMs : 0,
  })
  const explorer = data ?? initial.explorer
  return (
    <>
      <PageHeader
        title="Usage & cost"
        description="Where do tokens and money go?"
        actions={
          <>
            <TimeRangePicker />
            {mayReadAll && (
              <Button size="small" onClick={() => void setPrices('')}>
                Prices
              </Button>
            )}
            <ExportMenu query={state.query} chartRef={chartRef} />
          </>
        }
      />
      <UnpricedNotice unpriced={explorer.unpriced} onSetPrice={mayWrite ? (model) => void setPrices(model) : null} />
      <UsageFilters values={state.filters} options={options} onChange={(patch) => void state.change(patch)} />
      {error && (
        <ErrorState
          message={`${error.message} What you see is older.`}
          requestId={error.requestId}
          onRetry={() => void mutate()}
        />
      )}
      <UsageFigures figures={prepareUsageFigures(explorer)} pricesAsOf={pricesAsOf} />
      <UsageControls state={state} bucket={explorer.bucket} />
      {explorer.total.sums.requests === 0 ? <NoUsage state={state} /> : <Explored {...{ explorer, state, chartRef }} />}
      <p className="mt-2 mb-4 text-table text-muted">
        Updated <RelativeTime at={explorer.asOf} />, in {explorer.timeZone}
      </p>
      {mayReadAll && <LimitsCard subject={null} mayWrite={mayWrite} />}
      {mayReadAll && (
        <PriceSheet
          model={prices}
          period={{ from: explorer.from, to: explorer.to }}
          mayWrite={mayWrite}
          onClose={() => void setPrices(null)}
        />
      )}
    </>
  )
}

interface ExploredProps {
  explorer: ExplorerJson
  state: UsageQueryState
  chartRef: React.RefObject<HTMLDivElement | null>
}

function Explored({ explorer, state, chartRef }: ExploredProps) {
  const { metric, groupBy } = explorer
  const { series, bars, summary } = prepareUsageChart(explorer, state.cumulative)
  const formatValue = (value: number) => formatAxis(metric, value)
  const group = usageGroups.find((one) => one === groupBy)
  const title = `${metricKinds[metric].name}${groupBy ? ` by ${groupNames[groupBy].toLowerCase()}` : ''}`
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,11fr)_minmax(0,9fr)]">
      <div ref={chartRef} className="min-w-0">
        <ChartFrame
          title={title}
          summary={summary}
          chart={
            <StackedBars
              series={series}
              bars={bars}
              formatValue={formatValue}
              onChoose={(bar) => void state.change({ from: bar.start, to: bar.end })}
            />
          }
          table={<BarsTable caption={title} series={series} bars={bars} formatValue={formatValue} />}
        />
      </div>
      <UsageTable
        title={groupBy ? groupNames[groupBy] : 'Everything'}
        hint={groupBy === 'tokenKind' ? 'Thinking is a part of the output' : 'Largest first'}
        valueName={metricKinds[metric].name}
        rows={prepareUsageTable(explorer)}
        onFilter={group ? (key) => void state.change({ [group]: key }) : null}
      />
    </div>
  )
}

function NoUsage({ state }: { state: UsageQueryState }) {
  const isFiltered = Object.values(state.filters).some(Boolean)
  const clear = () => void state.change(Object.fromEntries(usageGroups.map((group) => [group, null])))
  return isFiltered ? (
    <EmptyState
      title="Nothing matches these filters"
      reason="In this period no request fits all of them."
      action={<Button onClick={clear}>Clear the filters</Button>}
    />
  ) : (
    <EmptyState
      title="Nothing was used in this period"
      reason="Figures appear here as soon as a request has been recorded."
      action={<Button onClick={() => void state.change({ from: '-30d', to: null })}>Show the last 30 days</Button>}
    />
  )
}
