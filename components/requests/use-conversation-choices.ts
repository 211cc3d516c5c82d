import useSWRImmutable from 'swr/immutable'
import { cleanText } from '@/components/message/clean-text'
import { fetchJson } from '@/components/shell/fetcher'
import { splitValues, type Choice } from './filter-fields'
import type { ListedPage } from './use-request-list'

/** The conversations of a filter by their titles, which its value does not tell; one without a title by its id. */
export function useConversationChoices(given: string | undefined): readonly Choice[] {
  const ids = splitValues(given).map((value) => value.replace(/^!/, ''))
  const { data, error } = useSWRImmutable(ids.length > 0 ? ['conversation titles', ...ids] : null, () =>
    Promise.all(ids.map(readTitle)),
  )
  const unread = error === undefined ? '…' : null
  return ids.map((value, index) => {
    const title = data === undefined ? unread : data[index]
    return { value, label: title ? cleanText(title) : value, requests: null }
  })
}

/** Any request of a conversation knows its title. */
async function readTitle(conversationId: string): Promise<string | null> {
  const query = new URLSearchParams({ conversationId, limit: '1' })
  const { requests } = await fetchJson<ListedPage>(`/api/requests?${query.toString()}`)
  return requests[0]?.conversationTitle ?? null
}
