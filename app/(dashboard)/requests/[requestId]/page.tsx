import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { requireUser } from '@/app/require-user'
import { filterQueryOf, pageQueryOf } from '@/components/requests/filter-query'
import { RequestView } from '@/components/requests/request-view'
import { withTitle } from '@/lib/conversations/load-titles'
import { getRequest } from '@/lib/requests/get-request'
import { getNeighbours } from '@/lib/requests/list-requests'
import { priceRequest } from '@/lib/requests/price-request'
import { requestFilterSchema } from '@/lib/requests/request-filter'
import { readTimeZone } from '@/lib/time-range'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { loadReach, narrowDomains } from '@/lib/users/reach'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Request' }

interface RequestPageProps {
  params: Promise<{ requestId: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function RequestPage({ params, searchParams }: RequestPageProps) {
  const user = await requireUser()
  const reach = await loadReach(user)
  const [{ requestId }, given] = [await params, await searchParams]
  const facts = await getRequest(requestId)
  if (!facts || !reach.sees(facts.domain)) notFound()
  const filter = requestFilterSchema.safeParse(Object.fromEntries(new URLSearchParams(filterQueryOf(given))))
  const asked = filter.success ? filter.data : {}
  const [titled, neighbours, book] = await Promise.all([
    withTitle(facts, reach),
    getNeighbours(requestId, { ...asked, domain: narrowDomains(reach, asked.domain) }),
    currentPriceBook(),
  ])
  const timeZone = readTimeZone(typeof given.tz === 'string' ? given.tz : undefined)
  return (
    <RequestView
      facts={titled}
      priced={priceRequest(facts, book)}
      neighbours={neighbours}
      mayReplay={mayDo(user.role, 'requests:replay')}
      mayReadContent={reach.mayReadBodies(facts.domain)}
      mayStar={mayDo(user.role, 'bodies:read')}
      timeZone={timeZone}
      query={pageQueryOf(given)}
    />
  )
}
