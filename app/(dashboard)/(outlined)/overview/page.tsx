import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { OnboardingChecklist } from '@/components/clients/onboarding-checklist'
import { Overview } from '@/components/overview/overview'
import { prepareKpis } from '@/components/overview/prepare-kpis'
import { prepareCostBars, prepareRequestBars } from '@/components/overview/prepare-overview'
import { prepareWindows } from '@/components/overview/prepare-windows'
import { StatusStrip } from '@/components/overview/status-strip'
import { PageHeader } from '@/components/ui/page-header'
import { getOnboarding, type Onboarding } from '@/lib/clients/onboarding'
import { conversationFilterSchema } from '@/lib/conversations/conversation-filter'
import { listConversations } from '@/lib/conversations/list-conversations'
import { readHealth } from '@/lib/ops/health'
import { queryErrors } from '@/lib/requests/query-errors'
import { listFilterOptions } from '@/lib/requests/list-filter-options'
import { queryFirstByte } from '@/lib/requests/query-first-byte'
import { queryUpstreamErrors } from '@/lib/requests/query-upstream-errors'
import { chooseBucket, listBucketStarts } from '@/lib/time-buckets'
import { readTimeRange, readTimeZone } from '@/lib/time-range'
import { mayDo } from '@/lib/users/permissions'
import { loadReach, narrowDomains, type Reach } from '@/lib/users/reach'
import { listAccountsInUse, listKnownLimits } from '@/lib/usage/query-accounts-usage'
import { periodBefore, queryOverview } from '@/lib/usage/query-overview'

export const metadata: Metadata = { title: 'Overview' }

interface OverviewQuery {
  from?: string
  to?: string
  tz?: string
  domain?: string
}

const quarterHourMs = 900_000

export default async function OverviewPage({ searchParams }: { searchParams: Promise<OverviewQuery> }) {
  const user = await requireUser()
  const onboarding = await getOnboarding()
  if (!onboarding.hasRequest) return <FirstRun onboarding={onboarding} mayWrite={mayDo(user.role, 'keys:write')} />

  const query = await searchParams
  const now = new Date()
  const range = readTimeRange(query, now)
  const reach = await loadReach(user)
  const domains = narrowDomains(reach, query.domain ? [query.domain] : [])
  const period = { ...range, bucket: chooseBucket(range, readTimeZone(query.tz)), domains }
  const [overview, firstByte, previousFirstByte, errors, options, health, upstream, conversations, windows] =
    await Promise.all([
      queryOverview(period),
      queryFirstByte(period),
      queryFirstByte(periodBefore(period)),
      queryErrors({ from: range.from, to: range.to, domain: domains }),
      listFilterOptions({ ...range, domains: reach.domains }),
      readHealth(),
      queryUpstreamErrors(new Date(now.getTime() - quarterHourMs)),
      listMostCostly({ ...range, domain: query.domain || undefined }, reach),
      mayDo(user.role, 'numbers:read') ? loadWindows(now) : null,
    ])
  const drawn = { ...period, firstRecordedAt: overview.firstRecordedAt }
  const startsMs = listBucketStarts(period, period.bucket).map((start) => start.getTime())
  return (
    <Overview
      state={{ ...health, uptimeSeconds: health.uptime, upstream }}
      kpis={prepareKpis({ overview, firstByte, previousFirstByte, startsMs })}
      requests={prepareRequestBars(overview, drawn)}
      cost={prepareCostBars(overview, drawn)}
      windows={windows}
      conversations={conversations}
      errors={errors}
      domains={options.domain.map(({ value }) => value).toSorted()}
      timeZone={period.bucket.timeZone}
      query={carriedQuery(query)}
    />
  )
}

async function listMostCostly({ from, to, domain }: { from: Date; to: Date; domain?: string }, reader: Reach) {
  const period = { from: from.toISOString(), to: to.toISOString() }
  const filter = conversationFilterSchema.parse({ ...period, domain, sort: 'cost' })
  return (await listConversations({ filter, limit: 5, reader })).conversations
}

async function loadWindows(now: Date) {
  const [limits, accounts] = await Promise.all([listKnownLimits(), listAccountsInUse()])
  return prepareWindows(limits, accounts, now.getTime())
}

function carriedQuery({ from, to, tz, domain }: OverviewQuery): Record<string, string> {
  const given = Object.entries({ from, to, tz, domain }).filter(
    ([, value]) => typeof value === 'string' && value !== '',
  )
  return Object.fromEntries(given) as Record<string, string>
}

async function FirstRun({ onboarding, mayWrite }: { onboarding: Onboarding; mayWrite: boolean }) {
  const [health, upstream] = [await readHealth(), { forwarded: 0, failed: 0 }]
  return (
    <>
      <PageHeader
        title="Overview"
        description="Nothing has been recorded yet. These steps lead to the first request."
      />
      <StatusStrip state={{ ...health, uptimeSeconds: health.uptime, upstream }} />
      <OnboardingChecklist onboarding={onboarding} mayWrite={mayWrite} />
    </>
  )
}
