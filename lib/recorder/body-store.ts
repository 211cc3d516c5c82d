import type { PoolClient } from 'pg'
import type { Exchange } from './exchange'
import type { BatchOpening } from './open-batch'

export type BodySide = 'request' | 'response'

/** What a store made of the bodies of one exchange; opaque to the recorder. */
export interface PreparedBodies {
  readonly requestId: string
}

/**
 * Where raw bodies live. The recorder prepares them outside of any transaction, then writes them in the
 * one that inserts the rows.
 */
export interface BodyStore<Prepared extends PreparedBodies = PreparedBodies> {
  /** Cuts, compresses and seals. null: nothing of this exchange is to be stored. */
  prepare(exchange: Exchange): Promise<Prepared | null>
  write(tx: PoolClient, prepared: readonly Prepared[], opening: BatchOpening): Promise<void>
  /** The transaction of these was committed. */
  committed(prepared: readonly Prepared[]): void
  /** The database was away: it may have come back without the latest commits. */
  distrust(): void
}
