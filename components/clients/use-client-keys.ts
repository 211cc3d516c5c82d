import { useState } from 'react'
import useSWRInfinite from 'swr/infinite'
import type { ClientKeyPage } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/sent'

/** A key that nobody has used for so long is a candidate for revoking. */
export const unusedDays = 30

interface KeysQuery {
  domainId: string
  initial: Sent<ClientKeyPage>
  isUnusedOnly: boolean
}

/** The keys of a domain page by page: all of them, those that nobody uses, or those of a name. */
export function useClientKeys({ domainId, initial, isUnusedOnly }: KeysQuery) {
  const [wanted, find] = useState('')
  const isNarrowed = isUnusedOnly || wanted !== ''
  const { data, size, setSize, isValidating, mutate } = useSWRInfinite<Sent<ClientKeyPage>>(
    (index, previous: Sent<ClientKeyPage> | null) => {
      const cursor = previous?.pagination.nextCursor
      if (index > 0 && !cursor) return null
      const query = {
        domainId,
        ...(isUnusedOnly && { unusedDays: String(unusedDays) }),
        ...(wanted !== '' && { q: wanted }),
        ...(index > 0 && cursor && { cursor }),
      }
      return `/api/client-keys?${new URLSearchParams(query).toString()}`
    },
    {
      fallbackData: isNarrowed ? undefined : [initial],
      revalidateFirstPage: true,
      refreshInterval: 15_000,
      // Those that are there stay until the others have come.
      keepPreviousData: true,
    },
  )
  const pages = data ?? (isNarrowed ? [] : [initial])
  const nextCursor = pages.at(-1)?.pagination.nextCursor ?? null
  // Once it is long it stays so: what is found fits on a page, and its field must not go away.
  const [isLong, setIsLong] = useState(false)
  if (!isLong && nextCursor !== null) setIsLong(true)
  return {
    rows: pages.flatMap(({ clientKeys }) => clientKeys),
    ...{ wanted, find, isNarrowed, isLong, nextCursor },
    isLoading: isValidating && size > pages.length,
    loadMore: () => void setSize(size + 1),
    refresh: () => void mutate(),
  }
}
