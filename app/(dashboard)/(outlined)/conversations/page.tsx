import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { ConversationsView } from '@/components/conversations/conversations-view'
import { listQueryOf } from '@/components/conversations/list-query'
import { conversationFilterSchema } from '@/lib/conversations/conversation-filter'
import { listConversations } from '@/lib/conversations/list-conversations'
import { listFilterOptions } from '@/lib/requests/list-filter-options'
import { readTimeRange } from '@/lib/time-range'
import { loadReach } from '@/lib/users/reach'

export const metadata: Metadata = { title: 'Conversations' }

interface ConversationsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function ConversationsPage({ searchParams }: ConversationsPageProps) {
  const reach = await loadReach(await requireUser())
  const query = listQueryOf(await searchParams)
  const given = Object.fromEntries(new URLSearchParams(query))
  const filter = conversationFilterSchema.safeParse(given)
  const [page, options] = await Promise.all([
    // An unusable filter is refused by the API, which the page then asks and which says why.
    filter.success ? listConversations({ filter: filter.data, limit: 50, reader: reach }) : null,
    listFilterOptions({ ...readTimeRange(given, new Date()), domains: reach.domains }),
  ])
  return (
    <ConversationsView
      initial={page && { query, page }}
      domains={options.domain.map(({ value }) => value).toSorted()}
      models={options.model.map(({ value }) => value)}
    />
  )
}
