import type { PoolClient } from 'pg'
import type { BatchOpening } from './open-batch'
import type { RequestRow } from './request-row'

type Received = Pick<RequestRow, 'domainId' | 'createdAtMs'>

interface Erasure {
  readonly domainId: string
  /** null = the whole domain. */
  readonly conversationId: string | null
  readonly erasedAtMs: number
}

/** Clocks that differ by less count as the same: so long an answer of the database may be on its way. */
const sameClockMs = 2_000

/** Deletions of content that requests of a batch were received before: what these said is not recorded any more. */
export class Erasures {
  private readonly list: Erasure[]
  private readonly movedIds = new Set<string>()

  constructor(
    list: readonly Erasure[],
    /** What the clock of this machine is ahead of the database's. */
    private readonly aheadMs: number,
  ) {
    this.list = [...list]
  }

  /** null = the request belongs to no conversation. */
  cover(request: Received, conversationId: string | null): boolean {
    return this.since(request).some((erasure) => [null, conversationId].includes(erasure.conversationId))
  }

  /** Also where nobody could tell the conversation of the request. */
  mayCover(request: Received): boolean {
    return this.since(request).length > 0
  }

  /** A request left a conversation for another one: what was deleted of the first was part of the second. */
  move(from: string, to: string): void {
    const moved = this.list.filter(({ conversationId }) => conversationId === from)
    if (from === to || moved.length === 0) return
    this.list.push(...moved.map((erasure) => ({ ...erasure, conversationId: to })))
    this.movedIds.add(to)
  }

  /** Writes down what moved; the conversations are there. */
  async recordMoves(tx: PoolClient): Promise<void> {
    for (const { conversationId, erasedAtMs } of this.list)
      if (conversationId && this.movedIds.has(conversationId))
        await tx.query(
          `UPDATE conversations SET bodies_erased_at = greatest(bodies_erased_at, $2) WHERE conversation_id = $1`,
          [conversationId, new Date(erasedAtMs)],
        )
    this.movedIds.clear()
  }

  private since({ domainId, createdAtMs }: Received): Erasure[] {
    const receivedAtMs = createdAtMs - this.aheadMs
    return this.list.filter((erasure) => erasure.domainId === domainId && receivedAtMs <= erasure.erasedAtMs)
  }
}

/** Asks only for a batch with something older than the newest deletion; `nowMs` is this machine's clock. */
export async function loadErasures(
  tx: PoolClient,
  rows: readonly RequestRow[],
  { opening, nowMs }: { readonly opening: BatchOpening; readonly nowMs: number },
): Promise<Erasures> {
  const differenceMs = nowMs - opening.nowMs
  const aheadMs = Math.abs(differenceMs) < sameClockMs ? 0 : differenceMs
  const oldestMs = Math.min(...rows.map(({ createdAtMs }) => createdAtMs)) - aheadMs
  if (opening.erasedAtMs === null || oldestMs > opening.erasedAtMs) return new Erasures([], 0)
  const domainIds = [...new Set(rows.flatMap(({ domainId }) => domainId ?? []))]
  const { rows: found } = await tx.query<Erasure>(erasuresSql, [domainIds, new Date(oldestMs)])
  return new Erasures(found, aheadMs)
}

/** Those of conversations, whenever they were. */
export async function loadErasuresOf(tx: PoolClient, conversationIds: readonly string[]): Promise<Erasures> {
  if (conversationIds.length === 0) return new Erasures([], 0)
  const { rows } = await tx.query<Erasure>(
    `SELECT ${erasureColumns} FROM conversations WHERE conversation_id = ANY($1::uuid[]) AND bodies_erased_at IS NOT NULL`,
    [conversationIds],
  )
  return new Erasures(rows, 0)
}

const erasureColumns = `domain_id AS "domainId", conversation_id AS "conversationId",
  (extract(epoch FROM bodies_erased_at) * 1000)::float8 AS "erasedAtMs"`

const erasuresSql = `
SELECT ${erasureColumns}
FROM (
  SELECT id AS domain_id, NULL AS conversation_id, bodies_erased_at FROM domains
  UNION ALL SELECT domain_id, conversation_id, bodies_erased_at FROM conversations
) AS erased
WHERE domain_id = ANY($1::uuid[]) AND bodies_erased_at >= $2`
