'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import useSWR from 'swr'
import { isRowFocused, useRowInView } from '@/components/live-list/use-row-in-view'
import type { Neighbours } from '@/lib/requests/list-requests'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { copyText } from './copy-text'
import { moveKeys, usePageKeys } from './use-page-keys'
import type { useRequestFilter } from './use-request-filter'

interface Selection {
  /** The row of the keyboard. */
  readonly selectedId: string | null
  /** The requests before and after the one beside the list, within its filter. */
  readonly neighbours: Neighbours
  readonly peekAt: (requestId: string | null) => void
  readonly choose: (requestId: string) => void
  readonly move: (by: 1 | -1) => void
}

interface SelectionOptions {
  readonly requests: readonly RequestSummary[]
  readonly filter: ReturnType<typeof useRequestFilter>
  readonly onPause: () => void
}

const alone: Neighbours = { newerId: null, olderId: null }

/** The row of the keyboard, and the request beside the list; the latter is in the address. */
export function useSelection({ requests, filter, onPause }: SelectionOptions): Selection {
  const router = useRouter()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const { peek } = filter
  const selectedId = peek ?? chosenId
  const neighbours = useNeighbours(requests, {
    requestId: selectedId,
    // The API knows the order by time alone.
    query: filter.sort === null ? filter.query : null,
  })
  const focusRow = useRowInView(selectedId, peek === null)

  const peekAt = (requestId: string | null) => {
    setChosenId(requestId ?? peek)
    if (!requestId) focusRow(peek)
    // One step back closes it, however many requests were looked at.
    filter.change({ peek: requestId }, peek && requestId ? 'replace' : 'push')
  }
  const move = (by: 1 | -1) => {
    const next = selectedId === null ? requests[0]?.requestId : by === 1 ? neighbours.olderId : neighbours.newerId
    if (!next) return
    // The focus goes along, so Enter does what it does on a link: it looks.
    if (!peek || isRowFocused()) focusRow(next)
    if (peek) peekAt(next)
    else setChosenId(next)
  }
  usePageKeys({
    ...moveKeys(move),
    o: () => selectedId && router.push(`/requests/${selectedId}?${filter.pageQuery}`),
    c: () => void copyText(location.href),
    p: onPause,
    Escape: () => peek && peekAt(null),
  })
  return { selectedId, neighbours, peekAt, choose: setChosenId, move }
}

/** From the list itself; what it has not come to, as it may be with a request out of an address, is asked for. */
function useNeighbours(
  requests: readonly RequestSummary[],
  { requestId, query }: { requestId: string | null; query: string | null },
): Neighbours {
  const at = requests.findIndex((request) => request.requestId === requestId)
  const older = at < 0 ? undefined : requests[at + 1]
  const isAsked = requestId !== null && query !== null && older === undefined
  const { data = alone } = useSWR<Neighbours>(isAsked ? `/api/requests/${requestId}/neighbours?${query}` : null, {
    keepPreviousData: false,
    revalidateOnFocus: false,
  })
  if (at < 0) return data
  return { newerId: requests[at - 1]?.requestId ?? null, olderId: older?.requestId ?? data.olderId }
}
