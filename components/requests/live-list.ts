import type { RequestSummary } from '@/lib/requests/request-summary'

/** What was recorded since the list of a filter was read, the last recorded first. */
export interface LiveList {
  readonly query: string
  readonly news: readonly RequestSummary[]
  /** How many of the news, the last recorded, wait to be shown. */
  readonly waiting: number
  /** The reader looks at something: nothing may move. */
  readonly isHeld: boolean
}

export type LiveChange =
  | { readonly kind: 'recorded'; readonly query: string; readonly requests: readonly RequestSummary[] }
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  | { readonly kind: 'show' }

export const emptyLiveList: LiveList = { query: '', news: [], waiting: 0, isHeld: false }

/** Pure: new requests go on top, or wait while the list is held. */
export function changeLiveList(list: LiveList, change: LiveChange): LiveList {
  switch (change.kind) {
    case 'recorded':
      return addNews(
        change.query === list.query ? list : { ...emptyLiveList, query: change.query, isHeld: list.isHeld },
        change.requests,
      )
    case 'hold':
      return { ...list, isHeld: change.isHeld, waiting: change.isHeld ? list.waiting : 0 }
    case 'show':
      return { ...list, waiting: 0 }
  }
}

function addNews(list: LiveList, requests: readonly RequestSummary[]): LiveList {
  const known = new Set(list.news.map(({ requestId }) => requestId))
  const fresh = requests.filter(({ requestId }) => !known.has(requestId))
  return { ...list, news: [...fresh, ...list.news], waiting: list.isHeld ? list.waiting + fresh.length : 0 }
}

/** The list as far as it belongs to this filter. */
export function liveListOf(list: LiveList, query: string): LiveList {
  return list.query === query ? list : { ...emptyLiveList, query, isHeld: list.isHeld }
}

/** Old and new in one list, newest first. A long request is recorded after shorter ones that began later. */
export function mergeRequests(news: readonly RequestSummary[], listed: readonly RequestSummary[]): RequestSummary[] {
  const byId = new Map([...listed, ...news].map((request) => [request.requestId, request]))
  return [...byId.values()].sort((a, b) => (a.requestId < b.requestId ? 1 : -1))
}

/**
 * Those of the newest requests that a list lacks, or `gap` when they do not reach back to everything that was
 * recorded: then only reading the list afresh is complete. Pure.
 */
export function findNews(newest: readonly RequestSummary[], known: Known): readonly RequestSummary[] | 'gap' {
  const oldest = newest.at(-1)?.requestId ?? ''
  const isCut = newest.length >= known.limit
  const unknown = newest.filter(({ requestId }) => !known.ids.has(requestId))
  if (isCut && (unknown.length === newest.length || known.recordedIds.some((id) => id < oldest))) return 'gap'
  return unknown.filter(({ requestId }) => requestId > known.listedFromId)
}

export interface Known {
  readonly ids: ReadonlySet<string>
  /** Ids that events have named since the last look. */
  readonly recordedIds: readonly string[]
  /** The oldest row of the list; rows before it come with the next page. Empty = the list is whole. */
  readonly listedFromId: string
  /** How many newest requests were asked for. */
  readonly limit: number
}
