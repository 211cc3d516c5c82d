import { collectParameters, queryRows } from '@/lib/dashboard-query'
import { buildRequestWhere, mostSearched, type RequestFilter, type RequestSort } from './request-filter'
import {
  readRequestSummary,
  summaryColumns,
  summarySource,
  type SummaryRecord,
  type RequestSummary,
} from './request-summary'

export interface RequestPage {
  readonly requests: readonly RequestSummary[]
  readonly pagination: { readonly limit: number; readonly nextCursor: string | null }
  /** Of another order than by time: older requests of the filter were not compared. */
  readonly isCut?: boolean
}

interface PageWanted {
  readonly limit: number
  readonly sort?: RequestSort
  readonly cursor?: string
  readonly mostSearched?: number
}

const sortSql: Readonly<Record<RequestSort, string>> = {
  cost: 'r.cost_micro_usd',
  tokens:
    'r.input_tokens + r.output_tokens + coalesce(r.cache_creation_input_tokens, 0) + coalesce(r.cache_read_input_tokens, 0)',
  duration: 'r.response_time_ms',
}

/**
 * Newest first, at most `limit` rows older than the `cursor`; or with `sort` those with the most, one page of the
 * newest of the filter, so that no list costs more than a search. A text search looks through so many requests at a
 * time: its pages may be short, even empty, and the search goes on with `nextCursor`.
 */
export async function listRequests(filter: RequestFilter, page: PageWanted): Promise<RequestPage> {
  if (page.sort) return listMost(filter, page.sort, page)
  const searchedFromId = filter.q ? await findSearchEnd(filter, page) : null
  const { parameters, parameter, sql } = olderThan(filter, page.cursor)
  const bound = searchedFromId ? `AND r.request_id >= ${parameter(searchedFromId)}` : ''
  const rows = await queryRows<SummaryRecord>(
    `SELECT ${summaryColumns} FROM ${summarySource}
     WHERE ${sql} ${bound} ORDER BY r.request_id DESC LIMIT ${parameter(page.limit + 1)}`,
    parameters,
  )
  const requests = rows.slice(0, page.limit).map(readRequestSummary)
  const nextCursor = rows.length > page.limit ? (requests.at(-1)?.requestId ?? null) : searchedFromId
  return { requests, pagination: { limit: page.limit, nextCursor } }
}

/** An index for each order would cost every recorded request; the newest are looked through instead. */
async function listMost(filter: RequestFilter, sort: RequestSort, page: PageWanted): Promise<RequestPage> {
  const searchedFromId = await findSearchEnd(filter, { mostSearched: page.mostSearched })
  const where = buildRequestWhere(filter)
  const { parameters, parameter } = collectParameters(where.parameters)
  const bound = searchedFromId ? `AND r.request_id >= ${parameter(searchedFromId)}` : ''
  const rows = await queryRows<SummaryRecord>(
    `WITH most AS MATERIALIZED (
       SELECT r.request_id, ${sortSql[sort]} AS amount FROM api_requests r
       WHERE ${where.sql} ${bound} ORDER BY amount DESC NULLS LAST, r.request_id DESC LIMIT ${parameter(page.limit)})
     SELECT ${summaryColumns} FROM most JOIN (${summarySource}) ON r.request_id = most.request_id
     ORDER BY most.amount DESC NULLS LAST, r.request_id DESC`,
    parameters,
  )
  const pagination = { limit: page.limit, nextCursor: null }
  return { requests: rows.map(readRequestSummary), pagination, isCut: searchedFromId !== null }
}

/** The oldest request that one page of a search looks at; null = it gets to the end. */
async function findSearchEnd(
  filter: RequestFilter,
  page: Pick<PageWanted, 'cursor' | 'mostSearched'>,
): Promise<string | null> {
  const { parameters, parameter, sql } = olderThan({ ...filter, q: undefined }, page.cursor)
  const [last] = await queryRows<{ requestId: string }>(
    `SELECT r.request_id AS "requestId" FROM api_requests r
     WHERE ${sql} ORDER BY r.request_id DESC OFFSET ${parameter((page.mostSearched ?? mostSearched) - 1)} LIMIT 1`,
    parameters,
  )
  return last?.requestId ?? null
}

function olderThan(filter: RequestFilter, cursor: string | undefined) {
  const where = buildRequestWhere(filter)
  const { parameters, parameter } = collectParameters(where.parameters)
  const sql = cursor ? `${where.sql} AND r.request_id < ${parameter(cursor)}` : where.sql
  return { parameters, parameter, sql }
}

export interface Neighbours {
  readonly newerId: string | null
  readonly olderId: string | null
}

/** The requests just before and after one within a filter; `requestId` itself need not match it. */
export async function getNeighbours(requestId: string, filter: RequestFilter): Promise<Neighbours> {
  const where = buildRequestWhere(filter)
  const id = `$${where.parameters.length + 1}::uuid`
  const [neighbours] = await queryRows<Neighbours>(
    `SELECT
       (SELECT r.request_id FROM api_requests r WHERE ${where.sql} AND r.request_id > ${id} ORDER BY r.request_id LIMIT 1) AS "newerId",
       (SELECT r.request_id FROM api_requests r WHERE ${where.sql} AND r.request_id < ${id} ORDER BY r.request_id DESC LIMIT 1) AS "olderId"`,
    [...where.parameters, requestId],
  )
  return neighbours ?? { newerId: null, olderId: null }
}
