import { collectParameters, queryRows, type Parameter } from '@/lib/dashboard-query'
import { env } from '@/lib/env'
import { isUuid } from '@/lib/ids'
import type { ConversationCursor, ConversationFilter, ConversationSort } from './conversation-filter'
import {
  conversationColumns,
  readConversation,
  type ConversationRecord,
  type ConversationSummary,
} from './conversation-summary'
import { isSession } from './link-rows'
import { makeLinkSecrets, type LinkSecrets } from './link-secrets'
import type { Reader } from './reader'
import { searchWordsOf } from './search-words'

export interface ConversationPage {
  readonly conversations: readonly ConversationSummary[]
  readonly pagination: { readonly limit: number; readonly nextCursor: string | null }
}

interface ConversationQuestion {
  readonly filter: ConversationFilter
  readonly limit: number
  readonly cursor?: ConversationCursor
  readonly reader: Reader
}

/** What an order sorts by, and how a cursor writes that as a whole number and reads it again. */
interface Order {
  readonly column: string
  readonly write: string
  readonly read: (number: string) => string
}

const byNumber = (column: string): Order => ({ column, write: `${column}::bigint`, read: (number) => number })

const orders: Record<ConversationSort, Order> = {
  // In milliseconds since 1970, as exact as the column. The order is by the column itself: that is what its index has.
  recent: {
    column: 'c.last_request_at',
    write: 'floor(extract(epoch FROM c.last_request_at) * 1000)::bigint',
    read: (number) => `timestamptz 'epoch' + ${number} * interval '1 millisecond'`,
  },
  cost: byNumber('c.cost_micro_usd'),
  longest: byNumber('c.request_count'),
  errors: byNumber('c.error_count'),
}

/** Conversations in one of the orders, page by page. */
export async function listConversations(question: ConversationQuestion): Promise<ConversationPage> {
  const { filter, limit, cursor, reader } = question
  const { parameters, parameter } = collectParameters()
  const secretsOf = makeLinkSecrets(env().encryptionKey)
  const conditions = filterConditions(filter, parameter)
  if (reader.domains) conditions.push(`c.domain = ANY(${parameter(reader.domains)}::text[])`)
  if (filter.q) conditions.push(await searchCondition(filter.q, { parameter, secretsOf, reader }))
  const order = orders[filter.sort]
  if (cursor) {
    const value = order.read(`${parameter(cursor.value)}::bigint`)
    conditions.push(`(${order.column}, c.conversation_id) < (${value}, ${parameter(cursor.conversationId)}::uuid)`)
  }
  const rows = await queryRows<ConversationRecord & { sortValue: string }>(
    `SELECT ${conversationColumns}, ${order.write} AS "sortValue" FROM conversations c
     WHERE ${conditions.join(' AND ') || 'true'}
     ORDER BY ${order.column} DESC, c.conversation_id DESC LIMIT ${parameter(limit + 1)}`,
    parameters,
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    conversations: shown.map(({ sortValue: _sortValue, ...row }) =>
      readConversation(row, reader.mayReadBodies(row.domain) ? secretsOf(row.domainId) : null),
    ),
    pagination: {
      limit,
      nextCursor: last && rows.length > limit ? `${last.sortValue}~${last.conversationId}` : null,
    },
  }
}

function filterConditions(filter: ConversationFilter, parameter: Parameter): string[] {
  return [
    ...(filter.domain ? [`c.domain = ${parameter(filter.domain)}`] : []),
    ...(filter.accountId ? [`${parameter(filter.accountId)} = ANY(c.account_ids)`] : []),
    ...(filter.model ? [`${parameter(filter.model)} = ANY(c.models)`] : []),
    ...(filter.from ? [`c.last_request_at >= ${parameter(filter.from)}`] : []),
    ...(filter.to ? [`c.first_request_at < ${parameter(filter.to)}`] : []),
    ...(filter.includeSideCalls ? [] : ['c.request_count > 0']),
    ...(filter.sort === 'errors' ? ['c.error_count > 0'] : []),
  ]
}

interface SearchContext {
  readonly parameter: Parameter
  readonly secretsOf: (domainId: string) => LinkSecrets
  readonly reader: Reader
}

/** An id of a conversation, request or session; or words, all of which were said in the conversation. */
async function searchCondition(q: string, { parameter, secretsOf, reader }: SearchContext): Promise<string> {
  const text = q.toLowerCase()
  if (isUuid(text)) {
    const id = parameter(text)
    return `(c.conversation_id = ${id}::uuid OR c.conversation_id IN (
      SELECT conversation_id FROM request_links WHERE request_id = ${id}::uuid
      UNION SELECT l.conversation_id FROM request_links l WHERE l.domain_id = c.domain_id AND ${isSession(`${id}::uuid::text`)}))`
  }
  const domains = await queryRows<{ id: string; name: string }>('SELECT id, name FROM domains')
  const byDomain = domains
    .filter(({ name }) => reader.mayReadBodies(name))
    .map(({ id }) => searchWordsOf(q, secretsOf(id)))
  const count = byDomain[0]?.length ?? 0
  if (count === 0) return 'false'
  // A word has another number in every domain: any of them will do, they never meet.
  const words = Array.from({ length: count }, (_none, index) => byDomain.map((numbers) => numbers[index]))
  return words
    .map(
      (numbers) =>
        `c.conversation_id IN (SELECT conversation_id FROM request_links WHERE words <> '{}' AND words && ${parameter(numbers)}::int[])`,
    )
    .join(' AND ')
}
