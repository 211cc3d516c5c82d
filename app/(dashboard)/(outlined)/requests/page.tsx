import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { filterQueryOf } from '@/components/requests/filter-query'
import { RequestsView } from '@/components/requests/requests-view'
import { withTitles } from '@/lib/conversations/load-titles'
import { listFilterOptions } from '@/lib/requests/list-filter-options'
import { listRequests } from '@/lib/requests/list-requests'
import { requestListSchema, type RequestListQuery } from '@/lib/requests/request-filter'
import { readTimeRange } from '@/lib/time-range'
import { loadReach, narrowDomains, type Reach } from '@/lib/users/reach'

export const metadata: Metadata = { title: 'Requests' }

const firstPage = 100

interface RequestsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function RequestsPage({ searchParams }: RequestsPageProps) {
  const reach = await loadReach(await requireUser())
  const query = filterQueryOf(await searchParams)
  const given = Object.fromEntries(new URLSearchParams(query))
  const filter = requestListSchema.safeParse(given)
  const [page, options] = await Promise.all([
    // An unusable filter is refused by the API, which the page then asks and which says why.
    filter.success ? loadFirstPage(filter.data, reach) : null,
    listFilterOptions({ ...readTimeRange(given, new Date()), domains: reach.domains }),
  ])
  return <RequestsView initial={page && { query, page }} options={options} />
}

async function loadFirstPage({ sort, ...filter }: RequestListQuery, reach: Reach) {
  const domain = narrowDomains(reach, filter.domain)
  const page = await listRequests({ ...filter, domain }, { limit: firstPage, sort })
  return { ...page, requests: await withTitles(page.requests, reach) }
}
