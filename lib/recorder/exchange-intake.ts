import type { FinishedExchange } from './exchange'
import type { LinkedRow } from './request-row'
import type { ThreadMemory } from './thread-memory'

/** What went wrong on the way, since the start. */
export interface IntakeTroubles {
  /** Exchanges of which a body was not kept for lack of room. */
  readonly droppedBodies: number
  /** Exchanges that could not be recorded and were set aside. */
  readonly quarantined: number
  /** Bodies that were read back from the database after their commit, to see whether they come back as they passed. */
  readonly checkedBodies: number
  /** Those of them that did not. */
  readonly damagedBodies: number
  readonly lastError: string | null
}

/** Brings finished exchanges into the database: in this thread, or in one of its own. */
export interface ExchangeIntake {
  /** Exchanges are read back from the journal: nobody needs to keep their bytes in memory for it. */
  readonly readsJournal: boolean
  readonly pendingCount: number
  /** Age of the oldest exchange that ended and is not recorded. */
  readonly lagMs: number
  readonly troubles: IntakeTroubles
  /** Of the thread that it has to itself; null = it works in this one, or its thread has just begun. */
  readonly memory: ThreadMemory | null
  push(finished: readonly FinishedExchange[]): void
  /** Resolves when everything pushed so far is recorded or set aside. */
  flush(): Promise<void>
  /** Ends the work; what is pending stays where it was. */
  stop(): Promise<void>
}

export interface IntakeEvents {
  readonly onRecorded: (rows: readonly LinkedRow[]) => void
  readonly now: () => number
}

/** How a recorder gets its intake. */
export type OpenIntake = (events: IntakeEvents) => ExchangeIntake
