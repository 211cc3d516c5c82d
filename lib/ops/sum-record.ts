import type { ProcessState } from './process-board'

/** How far the record is behind, whichever process keeps it. */
interface RecordState {
  readonly pending: number
  readonly lagMs: number
  readonly journalBytes: number
  /** Of the fullest journal, 0 to 1. */
  readonly journalShare: number
}

/** Pure. */
export function sumRecord(processes: readonly ProcessState[]): RecordState {
  const sum = (key: 'pending' | 'journalBytes') => processes.reduce((total, { figures }) => total + figures[key], 0)
  const most = (valueOf: (process: ProcessState) => number) => Math.max(0, ...processes.map(valueOf))
  return {
    pending: sum('pending'),
    lagMs: most(({ figures }) => figures.lagMs),
    journalBytes: sum('journalBytes'),
    journalShare: most(({ figures }) => figures.journalBytes / figures.journalMaxBytes),
  }
}
