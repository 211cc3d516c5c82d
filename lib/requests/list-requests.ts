import { collectParameters, queryRows } from '@/lib/dashboard-query'
import { buildRequestWhere, type RequestFilter } from './request-filter'
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
}

/** Newest first, at most `limit` rows older than the `cursor` (the id of the last row of the page before). */
export async function listRequests(
  filter: RequestFilter,
  page: { limit: number; cursor?: string },
): Promise<RequestPage> {
  const where = buildRequestWhere(filter)
  const { parameters, parameter } = collectParameters(where.parameters)
  const older = page.cursor ? `AND r.request_id < ${parameter(page.cursor)}` : ''
  const rows = await queryRows<SummaryRecord>(
    `SELECT ${summaryColumns} FROM ${summarySource}
     WHERE ${where.sql} ${older} ORDER BY r.request_id DESC LIMIT ${parameter(page.limit + 1)}`,
    parameters,
  )
  const requests = rows.slice(0, page.limit).map(readRequestSummary)
  const nextCursor = rows.length > page.limit ? (requests.at(-1)?.requestId ?? null) : null
  return { requests, pagination: { limit: page.limit, nextCursor } }
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
