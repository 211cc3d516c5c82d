import type { PoolClient } from 'pg'
import type { RequestRow } from '@/lib/recorder/request-row'
import { tallyRequests, mostContextPoints, type ConversationTally, type CountedRequest } from './conversation-tally'
import type { LinkedFacts } from './link-rows'

interface CountInput {
  readonly tx: PoolClient
  /** Requests that will be inserted after this, in the same transaction. */
  readonly fresh: readonly CountedRequest[]
  /** Conversations that lost, gained or reordered requests: counted anew. */
  readonly recount: ReadonlySet<string>
}

/** Keeps the counters of conversations: adds what is new, counts anew where requests moved. */
export async function countConversations({ tx, fresh, recount }: CountInput): Promise<void> {
  const added = groupByConversation(fresh)
  const isRecounted = (conversationId: string) => recount.has(conversationId)
  // In one order everywhere, so that two recorders never wait for each other.
  const moved = [...recount].sort()
  const grown = [...added.keys()].filter((conversationId) => !isRecounted(conversationId)).sort()
  await write(
    tx,
    grown.map((conversationId) => added.get(conversationId) ?? []),
    addSql,
  )
  for (const conversationId of moved) {
    const requests = [...(await loadCounted(tx, conversationId)), ...(added.get(conversationId) ?? [])]
    requests.sort((a, b) => (a.requestId < b.requestId ? -1 : 1))
    if (requests.length === 0) await tx.query('DELETE FROM conversations WHERE conversation_id = $1', [conversationId])
    else await write(tx, [requests], replaceSql)
  }
}

function groupByConversation(requests: readonly CountedRequest[]): Map<string, CountedRequest[]> {
  const groups = new Map<string, CountedRequest[]>()
  for (const request of requests)
    groups.set(request.conversationId, [...(groups.get(request.conversationId) ?? []), request])
  return groups
}

export function countedOf(
  row: RequestRow,
  { facts, link, labels }: LinkedFacts,
  seal: (label: string) => string,
): CountedRequest {
  const sealed = (label: string | null | undefined) => (label ? seal(label) : null)
  return {
    requestId: row.requestId,
    conversationId: link.conversationId,
    domainId: facts.domainId,
    domain: row.domain,
    createdAtMs: row.createdAtMs,
    role: facts.role,
    branchId: link.branchId,
    startsBranch: link.startsBranch,
    isSubtask: link.isSubtask,
    isError: (row.status ?? 0) >= 400 || !['completed', 'client_aborted'].includes(row.outcome),
    costConfidence: row.costConfidence,
    accountId: row.accountId,
    model: row.model,
    messageCount: row.messageCount,
    toolCallCount: row.toolCallCount,
    inputTokens: row.inputTokens ?? 0,
    outputTokens: row.outputTokens ?? 0,
    cacheCreationInputTokens: row.cacheCreationInputTokens ?? 0,
    cacheReadInputTokens: row.cacheReadInputTokens ?? 0,
    costMicroUsd: row.costMicroUsd ?? 0n,
    sealedTitle: sealed(labels.title?.text),
    titleRank: labels.title?.rank ?? 0,
    sealedProject: sealed(labels.projectDirectory),
    sealedGitBranch: sealed(labels.gitBranch),
  }
}

type CountedRow = Omit<CountedRequest, 'costMicroUsd'> & { readonly costMicroUsd: string }

async function loadCounted(tx: PoolClient, conversationId: string): Promise<CountedRequest[]> {
  // Waits for whoever changes the counters meanwhile (re-rating adds differences), so that nothing is counted twice.
  await tx.query('SELECT FROM conversations WHERE conversation_id = $1 FOR UPDATE', [conversationId])
  const { rows } = await tx.query<CountedRow>(
    `SELECT r.request_id AS "requestId", l.conversation_id AS "conversationId", l.domain_id AS "domainId", r.domain,
       extract(epoch FROM r.created_at)::float8 * 1000 AS "createdAtMs", l.role, l.branch_id AS "branchId",
       l.starts_branch AS "startsBranch", l.is_subtask AS "isSubtask",
       coalesce(r.status >= 400, false) OR r.outcome NOT IN ('completed', 'client_aborted') AS "isError",
       r.cost_confidence AS "costConfidence", r.account_id AS "accountId", r.model,
       r.message_count AS "messageCount", r.tool_call_count AS "toolCallCount",
       coalesce(r.input_tokens, 0)::float8 AS "inputTokens", coalesce(r.output_tokens, 0)::float8 AS "outputTokens",
       coalesce(r.cache_creation_input_tokens, 0)::float8 AS "cacheCreationInputTokens",
       coalesce(r.cache_read_input_tokens, 0)::float8 AS "cacheReadInputTokens",
       coalesce(r.cost_micro_usd, 0) AS "costMicroUsd", l.sealed_title AS "sealedTitle", l.title_rank AS "titleRank",
       l.sealed_project AS "sealedProject", l.sealed_git_branch AS "sealedGitBranch"
     FROM api_requests r JOIN request_links l ON l.request_id = r.request_id
     WHERE r.conversation_id = $1 ORDER BY l.request_id`,
    [conversationId],
  )
  return rows.map((row) => ({ ...row, costMicroUsd: BigInt(row.costMicroUsd) }))
}

/** Column, its type and value, and how it meets the one that is there (`c`, the new one is `n`). */
type Counter = readonly [
  column: string,
  type: string,
  value: (tally: ConversationTally) => unknown,
  merge: (column: string) => string,
]

const add = (column: string) => `c.${column} + n.${column}`
const latest = (column: string) =>
  `CASE WHEN n.latest_request_id IS NULL OR n.latest_request_id < c.latest_request_id THEN c.${column} ELSE coalesce(n.${column}, c.${column}) END`
const union = (column: string) => `c.${column} || ARRAY(SELECT unnest(n.${column}) EXCEPT SELECT unnest(c.${column}))`
const isBetterTitle = 'n.title_rank > c.title_rank OR (n.title_rank = c.title_rank AND n.title_rank > 1)'

const counters: readonly Counter[] = [
  ['first_request_at', 'timestamptz', (t) => new Date(t.firstAtMs), (c) => `least(c.${c}, n.${c})`],
  ['last_request_at', 'timestamptz', (t) => new Date(t.lastAtMs), (c) => `greatest(c.${c}, n.${c})`],
  ['request_count', 'integer', (t) => t.requestCount, add],
  ['side_call_count', 'integer', (t) => t.sideCallCount, add],
  ['error_count', 'integer', (t) => t.errorCount, add],
  ['message_count', 'integer', (t) => t.messageCount, (c) => `greatest(c.${c}, n.${c})`],
  ['branch_count', 'integer', (t) => t.branchCount, add],
  ['subtask_count', 'integer', (t) => t.subtaskCount, add],
  ['compaction_count', 'integer', (t) => t.compactionCount, add],
  ['tool_call_count', 'integer', (t) => t.toolCallCount, add],
  ['unpriced_count', 'integer', (t) => t.unpricedCount, add],
  ['estimated_count', 'integer', (t) => t.estimatedCount, add],
  ['models', 'text[]', (t) => t.models, union],
  ['account_ids', 'text[]', (t) => t.accountIds, union],
  ['total_tokens', 'bigint', (t) => t.inputTokens + t.outputTokens, add],
  ['input_tokens', 'bigint', (t) => t.inputTokens, add],
  ['output_tokens', 'bigint', (t) => t.outputTokens, add],
  ['cache_creation_input_tokens', 'bigint', (t) => t.cacheCreationInputTokens, add],
  ['cache_read_input_tokens', 'bigint', (t) => t.cacheReadInputTokens, add],
  ['cost_micro_usd', 'bigint', (t) => t.costMicroUsd.toString(), add],
  ['latest_request_id', 'uuid', (t) => t.latestRequestId, latest],
  ['latest_context_tokens', 'bigint', (t) => t.latestContextTokens, latest],
  [
    'context_points',
    'integer[]',
    (t) => t.contextPoints,
    (c) => `(c.${c} || n.${c})[greatest(1, cardinality(c.${c}) + cardinality(n.${c}) - ${mostContextPoints - 1}):]`,
  ],
  ['title', 'text', (t) => t.sealedTitle, (c) => `CASE WHEN ${isBetterTitle} THEN n.${c} ELSE c.${c} END`],
  ['title_rank', 'smallint', (t) => t.titleRank, (c) => `greatest(c.${c}, n.${c})`],
  ['project_directory', 'text', (t) => t.sealedProject, (c) => `coalesce(c.${c}, n.${c})`],
  ['git_branch', 'text', (t) => t.sealedGitBranch, (c) => `coalesce(n.${c}, c.${c})`],
]

const identity = [
  ['conversation_id', 'uuid'],
  ['domain_id', 'uuid'],
  ['domain', 'text'],
] as const
const columns = [...identity, ...counters].map(([column, type]) => ({ column, type }))
const columnNames = columns.map(({ column }) => column).join(', ')

function upsertSql(meet: (column: string, merge: (column: string) => string) => string): string {
  const changes = counters.map(
    ([column, , , merge]) => `${column} = ${meet(column, merge).replaceAll(/\bn\./g, 'excluded.')}`,
  )
  return `INSERT INTO conversations AS c (${columnNames})
    SELECT ${columnNames} FROM json_to_recordset($1) AS n(${columns.map(({ column, type }) => `${column} ${type}`).join(', ')})
    ON CONFLICT (conversation_id) DO UPDATE SET ${changes.join(', ')}`
}
const addSql = { name: 'add-conversations', text: upsertSql((column, merge) => merge(column)) }
const replaceSql = { name: 'replace-conversations', text: upsertSql((column) => `n.${column}`) }

async function write(
  tx: PoolClient,
  conversations: readonly (readonly CountedRequest[])[],
  sql: typeof addSql,
): Promise<void> {
  const rows = conversations.flatMap((requests) => {
    const [first] = requests
    return first ? [rowOf(first, tallyRequests(requests))] : []
  })
  if (rows.length > 0) await tx.query({ ...sql, values: [JSON.stringify(rows)] })
}

function rowOf(first: CountedRequest, tally: ConversationTally): Record<string, unknown> {
  return {
    conversation_id: first.conversationId,
    domain_id: first.domainId,
    domain: first.domain,
    ...Object.fromEntries(counters.map(([column, , value]) => [column, value(tally) ?? null])),
  }
}
