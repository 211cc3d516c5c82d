import type { Pool } from 'pg'
import { dashboardPool, hotPool } from '@/lib/db'

/** Where every process of an installation writes how it is, and reads how the others are. */

export interface ProcessFigures {
  readonly openStreams: number
  /** Ended, not in the database. */
  readonly pending: number
  /** Age of the oldest of these. */
  readonly lagMs: number
  readonly journalBytes: number
  readonly journalMaxBytes: number
  /** Calls are turned away: none can be promised a record. */
  readonly isFull: boolean
  /** Since the start, as are the next two. */
  readonly journalFailures: number
  readonly droppedBodies: number
  readonly quarantined: number
  /** Of the bodies that were read back, those that are not as they passed; processes of older versions do not say. */
  readonly damagedBodies?: number
  readonly checkedBodies?: number
  readonly rssBytes: number
  /** Where its data folder is; null = cannot be asked. */
  readonly diskFreeBytes: number | null
  readonly diskBytes: number | null
}

interface ProcessFacts {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly role: string
  readonly version: string
  readonly startedAt: Date
}

export interface ProcessState extends ProcessFacts {
  readonly figures: ProcessFigures
  /** Since it was last heard of. */
  readonly silentMs: number
  /** `gone`: it ended without a word, and its journal may hold what is not in the database. */
  readonly condition: 'running' | 'gone'
}

export interface OwnProcess extends ProcessFacts {
  /** Of the data folder; null = no journal. */
  readonly journalId: string | null
}

/** Longer than the longest pause of a healthy process. */
const silentAfterMs = 45_000
/** By then whoever runs on the same folder has taken the journal over. */
const forgottenAfterMs = 180_000
const rememberedDays = 7
const mostRows = 200

export class ProcessBoard {
  private others: readonly ProcessState[] = []
  /** When `others` was read; what was read too long ago is not told. */
  private readAtMs = -Infinity

  constructor(
    readonly own: OwnProcess,
    readonly readFigures: () => Promise<ProcessFigures>,
  ) {}

  /** Writes how this process is, and reads how the others are. */
  async sync(): Promise<void> {
    const { id, journalId, host, pid, role, version, startedAt } = this.own
    const figures = JSON.stringify(await this.readFigures())
    await hotPool().query(upsertSql, [id, journalId, host, pid, role, version, startedAt, figures])
    await hotPool().query(forgetSql, [id, journalId])
    this.others = await listStored(hotPool(), id)
    this.readAtMs = performance.now()
  }

  /** The others as they were a moment ago; nobody while the database is away. */
  listOthers(): ProcessState[] {
    const ageMs = performance.now() - this.readAtMs
    if (ageMs > silentAfterMs) return []
    return this.others.map((other) => aged(other, ageMs))
  }

  /** Says goodbye, unless something waits in the journal. */
  async leave(): Promise<void> {
    const { pending } = await this.readFigures()
    if (pending > 0) return this.sync()
    await hotPool().query('DELETE FROM processes WHERE id = $1', [this.own.id])
  }
}

/** What a process that is gone left behind gets older, although nobody says so. */
function aged(state: ProcessState, ageMs: number): ProcessState {
  const silentMs = state.silentMs + ageMs
  const { lagMs } = state.figures
  return state.condition === 'running'
    ? { ...state, silentMs }
    : { ...state, silentMs, figures: { ...state.figures, lagMs: lagMs + silentMs } }
}

const upsertSql = `
  INSERT INTO processes (id, journal_id, host, pid, role, version, started_at, figures)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (id) DO UPDATE SET seen_at = now(), figures = excluded.figures`

/** Something of it was on its way into the database, and its journal has it still. */
const leaves = `(journal_id IS NOT NULL
  AND ((figures->>'pending')::int > 0 OR (figures->>'openStreams')::int > 0))`
const silentFor = (ms: number) => `seen_at < now() - interval '${ms} milliseconds'`

/** Those that left nothing, those whose folder is in use again, and those of long ago. */
const forgetSql = `
  DELETE FROM processes WHERE id <> $1 AND (
    (${silentFor(silentAfterMs)} AND NOT ${leaves})
    OR (${silentFor(forgottenAfterMs)} AND journal_id = $2)
    OR ${silentFor(rememberedDays * 86_400_000)})`

interface Row extends ProcessFacts {
  figures: ProcessFigures
  silentMs: number
  /** And nobody who runs has the same data folder. */
  hasLeftJournal: boolean
}

const othersSql = `
  SELECT id, host, pid, role, version, started_at AS "startedAt", figures,
    (extract(epoch FROM now() - seen_at) * 1000)::float8 AS "silentMs",
    ${leaves} AND NOT EXISTS (SELECT FROM processes heir WHERE heir.journal_id = p.journal_id AND heir.id <> p.id
      AND NOT heir.${silentFor(silentAfterMs)}) AS "hasLeftJournal"
  FROM processes p WHERE id IS DISTINCT FROM $1 ORDER BY seen_at DESC LIMIT ${mostRows}`

/** Processes that ended without a word and left something; for whoever is none of them. */
export async function listGone(): Promise<ProcessState[]> {
  const all = await listStored(dashboardPool(), null)
  return all.filter(({ condition }) => condition === 'gone')
}

async function listStored(pool: Pool, exceptId: string | null): Promise<ProcessState[]> {
  const { rows } = await pool.query<Row>(othersSql, [exceptId])
  return rows.flatMap(stateOf)
}

function stateOf({ hasLeftJournal, ...row }: Row): ProcessState[] {
  if (row.silentMs <= silentAfterMs) return [{ ...row, condition: 'running' }]
  return hasLeftJournal ? [{ ...row, condition: 'gone' }] : []
}
