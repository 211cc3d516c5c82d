import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { requireUser } from '@/app/require-user'
import { filterQueryOf, pageQueryOf } from '@/components/requests/filter-query'
import { RequestView } from '@/components/requests/request-view'
import { PageOutline } from '@/components/shell/page-outline'
import { withTitle } from '@/lib/conversations/load-titles'
import { plainId } from '@/lib/ids'
import { getRequest, type RecordedRequest } from '@/lib/requests/get-request'
import { getNeighbours } from '@/lib/requests/list-requests'
import { priceRequest } from '@/lib/requests/price-request'
import { requestFilterSchema } from '@/lib/requests/request-filter'
import { readTimeZone } from '@/lib/time-range'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { mayDo } from '@/lib/users/permissions'
import { isSeen, loadReach, narrowDomains, type Reach } from '@/lib/users/reach'
import type { Session } from '@/lib/users/sessions'

export const metadata: Metadata = { title: 'Request' }

interface RequestPageProps {
  params: Promise<{ requestId: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function RequestPage({ params, searchParams }: RequestPageProps) {
  const user = await requireUser()
  const reach = await loadReach(user)
  const facts = await getRequest(plainId((await params).requestId))
  if (!facts || !isSeen(reach, facts)) notFound()
  return (
    <Suspense fallback={<PageOutline />}>
      <FoundRequest {...{ user, reach, facts }} given={await searchParams} />
    </Suspense>
  )
}

interface FoundRequestProps {
  user: Session
  reach: Reach
  facts: RecordedRequest
  given: Record<string, string | string[] | undefined>
}

async function FoundRequest({ user, reach, facts, given }: FoundRequestProps) {
  const filter = requestFilterSchema.safeParse(Object.fromEntries(new URLSearchParams(filterQueryOf(given))))
  const asked = filter.success ? filter.data : {}
  const [titled, neighbours, book] = await Promise.all([
    withTitle(facts, reach),
    getNeighbours(facts.requestId, { ...asked, domain: narrowDomains(reach, asked.domain) }),
    currentPriceBook(),
  ])
  return (
    <RequestView
      facts={titled}
      priced={priceRequest(facts, book)}
      neighbours={neighbours}
      mayReplay={mayDo(user.role, 'requests:replay')}
      mayReadContent={reach.mayReadBodies(facts.domain)}
      mayStar={mayDo(user.role, 'bodies:read')}
      timeZone={readTimeZone(typeof given.tz === 'string' ? given.tz : undefined)}
      query={pageQueryOf(given)}
    />
  )
}
