import { queryRows } from '@/lib/dashboard-query'
import { composeContext, type CompositionPoint, type MeasuredTurn } from './compose-context'
import { loadThread } from './load-thread'
import { measureContext, type ToolGroup } from './measure-context'

/** What the context of a branch consisted of, turn by turn. */
export interface Composition {
  readonly points: readonly CompositionPoint[]
  /** Of the newest turn, in estimated tokens. */
  readonly tools: readonly ToolShare[]
  /** Earlier turns are not in it. */
  readonly isCut: boolean
}

export interface ToolShare extends Omit<ToolGroup, 'bytes'> {
  readonly tokens: number
}

const mostTurns = 2_000
const mostPoints = 150
/** Histories that are read to measure them: one, and one more for each time it was begun anew. */
const mostHistories = 6

/** The branch that ends with a request. Throws AppError when stored content cannot be read. */
export async function loadComposition(tipRequestId: string): Promise<Composition> {
  const turns = await loadPath(tipRequestId)
  const histories = splitHistories(turns)
  const measured = await Promise.all(histories.slice(-mostHistories).map(measureHistory))
  const points = measured.flatMap((one) => one?.points ?? [])
  return {
    points: thinned(points),
    tools: toolShares(measured.at(-1) ?? null),
    isCut: turns.length === mostTurns || histories.length > mostHistories || measured.includes(null),
  }
}

/** The tip and the turns it builds on, oldest first, with what the upstream counted. */
async function loadPath(tipRequestId: string): Promise<MeasuredTurn[]> {
  const rows = await queryRows<Omit<MeasuredTurn, 'timestamp'> & { createdAt: Date }>(
    `WITH RECURSIVE path AS (
       SELECT request_id, parent_request_id, branch_id, is_subtask, 1 AS depth FROM api_requests WHERE request_id = $1
       UNION ALL
       SELECT r.request_id, r.parent_request_id, r.branch_id, r.is_subtask, p.depth + 1
       FROM path p JOIN api_requests r ON r.request_id = p.parent_request_id
       WHERE p.depth < ${mostTurns} AND (r.branch_id = p.branch_id OR NOT (r.is_subtask OR p.is_subtask))
     )
     SELECT r.request_id AS "requestId", r.created_at AS "createdAt", r.message_count AS "messageCount",
       (coalesce(r.input_tokens, 0) + coalesce(r.cache_creation_input_tokens, 0)
         + coalesce(r.cache_read_input_tokens, 0))::float8 AS "contextTokens"
     FROM path p JOIN api_requests r ON r.request_id = p.request_id ORDER BY p.depth DESC`,
    [tipRequestId],
  )
  return rows
    .filter(({ contextTokens }) => contextTokens > 0)
    .map(({ createdAt, ...row }) => ({ ...row, timestamp: createdAt.toISOString() }))
}

/** Pure: a history that does not grow was begun anew, by a compaction for instance. */
function splitHistories(turns: readonly MeasuredTurn[]): MeasuredTurn[][] {
  const histories: MeasuredTurn[][] = []
  for (const turn of turns) {
    const current = histories.at(-1)
    const before = current?.at(-1)
    if (current && before && turn.messageCount > before.messageCount) current.push(turn)
    else histories.push([turn])
  }
  return histories
}

async function measureHistory(turns: readonly MeasuredTurn[]) {
  const last = turns.at(-1)
  const { body } = last ? await loadThread(last.requestId) : { body: null }
  if (!body) return null
  const measure = measureContext(body)
  return { points: composeContext(turns, measure), tools: measure.tools }
}

function toolShares(measured: Awaited<ReturnType<typeof measureHistory>>): ToolShare[] {
  const bytes = measured?.tools.reduce((sum, group) => sum + group.bytes, 0) ?? 0
  const tokens = measured?.points.at(-1)?.tokens.tools ?? 0
  return (measured?.tools ?? []).map(({ bytes: own, ...group }) => ({
    ...group,
    tokens: Math.round((own / bytes) * tokens),
  }))
}

/** As many as a chart can show, the last one among them. */
function thinned(points: readonly CompositionPoint[]): CompositionPoint[] {
  const step = Math.ceil(points.length / mostPoints)
  return points.filter((_point, index) => (points.length - 1 - index) % step === 0)
}
