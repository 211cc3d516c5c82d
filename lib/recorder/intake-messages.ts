import type { FramePlace } from '@/lib/journal/frame'
import type { Exchange } from './exchange'
import type { IntakeTroubles } from './exchange-intake'
import type { LinkedRow } from './request-row'
import type { ThreadMemory } from './thread-memory'

/** What the thread that relays and the thread that records say to each other. All of it can be cloned. */

export interface HandedExchange {
  /** Its number on this way. */
  readonly ticket: number
  readonly requestId: string
  readonly receivedAtMs: number
  readonly endedAtMs: number
  readonly byteLength: number
  readonly isRepeat: boolean
  /** Its frames in the journal, or all of it where the disk refused one of them. */
  readonly content: { readonly places: readonly FramePlace[] } | { readonly exchange: Exchange }
}

export type ToIntake =
  | { readonly say: 'record'; readonly exchanges: readonly HandedExchange[] }
  /** Somebody waits: do not linger. */
  | { readonly say: 'hurry' }
  | { readonly say: 'stop' }
  /** Answers `quarantine`. */
  | { readonly say: 'quarantined'; readonly ticket: number; readonly isKept: boolean }

export type FromIntake =
  | { readonly say: 'at work' }
  | { readonly say: 'recorded'; readonly rows: readonly LinkedRow[] }
  /** These are in the database. */
  | { readonly say: 'released'; readonly tickets: readonly number[] }
  | { readonly say: 'quarantine'; readonly ticket: number }
  | { readonly say: 'troubles'; readonly troubles: IntakeTroubles }
  | { readonly say: 'memory'; readonly memory: ThreadMemory }
