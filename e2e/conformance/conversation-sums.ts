import type { RecordedRow } from './recorded-rows'

/** What a conversation is said to add up to. */
export interface ConversationSums {
  readonly requests: number
  readonly errors: number
  /** Input + output. */
  readonly tokens: number
  readonly costMicroUsd: number
  readonly confidence: string
}

/** The sums of the rows, by conversation. */
export function sumConversations(rows: readonly RecordedRow[]): Map<string, ConversationSums> {
  const groups = new Map<string, RecordedRow[]>()
  for (const row of rows) {
    const { conversation_id: id } = row
    if (id !== null) groups.set(id, [...(groups.get(id) ?? []), row])
  }
  return new Map([...groups].map(([id, own]) => [id, sumRows(own)]))
}

function sumRows(rows: readonly RecordedRow[]): ConversationSums {
  const costMicroUsd = rows.reduce((sum, row) => sum + Number(row.cost_micro_usd ?? 0), 0)
  const confidences = new Set(rows.map((row) => row.cost_confidence))
  return {
    requests: rows.length,
    errors: rows.filter(isError).length,
    tokens: rows.reduce((sum, row) => sum + Number(row.input_tokens ?? 0) + Number(row.output_tokens ?? 0), 0),
    costMicroUsd,
    confidence: confidenceOf(confidences, costMicroUsd),
  }
}

const isError = ({ status, outcome }: RecordedRow) =>
  (status ?? 0) >= 400 || !['completed', 'client_aborted'].includes(outcome)

function confidenceOf(confidences: ReadonlySet<string>, costMicroUsd: number): string {
  if (confidences.has('unpriced')) return costMicroUsd === 0 ? 'unpriced' : 'partial'
  return confidences.has('estimated') || confidences.has('partial') ? 'estimated' : 'exact'
}

/** One conversation of the API. */
export interface ListedConversation {
  readonly conversationId: string
  readonly requestCount: number
  readonly sideCallCount: number
  readonly errorCount: number
  readonly totalTokens: number
  readonly costUsd: string | null
  readonly costConfidence: string
}

/** The sums that the API tells. */
export function sumsOfListed(listed: readonly ListedConversation[]): Map<string, ConversationSums> {
  const sums = listed.map((one): [string, ConversationSums] => [
    one.conversationId,
    {
      requests: one.requestCount + one.sideCallCount,
      errors: one.errorCount,
      tokens: one.totalTokens,
      costMicroUsd: Math.round(Number(one.costUsd ?? 0) * 1e6),
      confidence: one.costConfidence,
    },
  ])
  return new Map(sums)
}
