'use client'

import { parseAsStringLiteral, useQueryState } from 'nuqs'
import useSWR from 'swr'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { ErrorState } from '@/components/ui/error-state'
import { SkeletonRows } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import { LimitsCard } from '@/components/usage/limits-card'
import { planWindows } from '@/lib/usage/window-state'
import { BurnersTable } from './burners-table'
import { HeatMapFigure } from './heat-map-figure'
import type { BurnerJson, BurningJson } from './prepare-burners'
import { prepareBurners } from './prepare-burners'
import { prepareHeatMap } from './prepare-heat-map'
import { prepareTimeline, type TimelineJson } from './prepare-timeline'
import { windowNames, type Clock } from './prepare-window'
import { TimelineTable } from './timeline-table'

interface WindowDetailProps {
  accountId: string
  clock: Clock
  mayWrite: boolean
}

/** Who uses an account up, how its last windows went, when in the week it is used, and limits of our own. */
export function WindowDetail({ accountId, clock, mayWrite }: WindowDetailProps) {
  const [window, setWindow] = useQueryState('window', parseAsStringLiteral(planWindows).withDefault('5h'))
  const tabs = planWindows.map((value) => {
    return {
      value,
      label: `Who: ${windowNames[value].toLowerCase()}`,
      content: <Burners {...{ accountId, window: value }} />,
    }
  })
  return (
    <div className="flex flex-col gap-6 border-t border-line pt-4">
      <Tabs
        label="Who uses it up"
        tabs={tabs}
        value={window}
        onChange={(value) => void setWindow(planWindows.find((one) => one === value) ?? null)}
      />
      <Past accountId={accountId} clock={clock} />
      <LimitsCard subject={{ scope: 'account', scopeId: accountId }} mayWrite={mayWrite} />
    </div>
  )
}

interface BurnersAnswer {
  readonly keys: readonly BurnerJson[]
  readonly conversations: readonly BurningJson[]
}

const pathOf = (accountId: string) => `/api/usage/windows/${encodeURIComponent(accountId)}`

function Burners({ accountId, window }: { accountId: string; window: string }) {
  const path = `${pathOf(accountId)}/burners?window=${window}`
  const { data, error, mutate } = useSWR<BurnersAnswer, ApiError>(path, fetchJson, { refreshInterval: 30_000 })
  if (!data)
    return error ? (
      <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
    ) : (
      <SkeletonRows count={4} />
    )
  return <BurnersTable rows={prepareBurners(data.keys, data.conversations)} />
}

interface PastAnswer {
  readonly timeline: readonly TimelineJson[]
  readonly heatMap: readonly (readonly number[])[]
}

function Past({ accountId, clock }: { accountId: string; clock: Clock }) {
  const path = `${pathOf(accountId)}?${new URLSearchParams({ tz: clock.timeZone }).toString()}`
  const { data, error, mutate } = useSWR<PastAnswer, ApiError>(path, fetchJson)
  if (!data)
    return error ? (
      <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
    ) : (
      <SkeletonRows count={6} />
    )
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      <TimelineTable rows={prepareTimeline(data.timeline, clock)} />
      <HeatMapFigure map={prepareHeatMap(data.heatMap)} timeZone={clock.timeZone} />
    </div>
  )
}
