import type { Caller, OverLimit } from '@/lib/proxy/ports'
import { LimitCounters } from './limit-counters'
import { subjectOf, type Limit, type SpendPeriod } from './limit-kinds'
import { judgeLimit, type Standing } from './over-limit'

/** Micro-dollars that a subject spent in the running day, week and month. */
export type Spent = Readonly<Record<SpendPeriod, number>>

/** What a recorded request adds to the counts. */
export interface CountedRow {
  readonly domainId: string | null
  readonly clientKeyId: string | null
  readonly accountId: string | null
  readonly createdAtMs: number
  readonly responseTimeMs: number | null
  readonly inputTokens: number | null
  readonly cacheCreationInputTokens: number | null
}

/** A limit with the keys that came after its own by rotation: it holds for all of them together. */
export interface HeldLimit extends Limit {
  readonly laterKeyIds?: readonly string[]
}

const welcome = { release: () => undefined }
const nothingSpent: Spent = { day: 0, week: 0, month: 0 }
const freePaths = /^\/v1\/(messages\/(count_tokens|batches\/.+)|models(\/.*)?)$/

/**
 * Counting tokens and listing models cost nothing, upstream and here; nor does what is done with a batch that was
 * made: fetching what it has cost already, or ending it.
 */
export function isFree(target: string): boolean {
  return freePaths.test(target.split('?', 1)[0] ?? '')
}

/** The limits of our own, answered from memory; lib/usage/limit-sync.ts keeps the memory equal among processes. */
export class LimitGuard {
  readonly counters = new LimitCounters()
  /** What our clock is behind that of the database, which all processes share. */
  clockOffsetMs = 0
  spent: ReadonlyMap<string, Spent> = new Map()
  private limits: ReadonlyMap<string, readonly Limit[]> = new Map()
  /** By the id of a later key of a line. */
  private firstKeyIds: ReadonlyMap<string, string> = new Map()

  constructor(private readonly now: () => number) {}

  /** The port of the proxy: counts the call in, unless it may not come in. */
  checkCaller(caller: Pick<Caller, 'domainId' | 'clientKeyId'>, target: string): OverLimit | { release(): void } {
    if (this.limits.size === 0 || isFree(target)) return welcome
    const { domainId, clientKeyId } = caller
    return this.countIn(this.limitedOf({ domainId, clientKeyId, accountId: null }))
  }

  /** The same for the account that is about to be asked. */
  checkAccount(accountId: string): OverLimit | { release(): void } {
    return this.countIn(this.limited([subjectOf('account', accountId)]))
  }

  countOutAccount(accountId: string): void {
    for (const subject of this.limited([subjectOf('account', accountId)])) this.counters.countOut(subject)
  }

  /** Input tokens as the upstream counts them: what was read from the cache is free of the limit. */
  noteRecorded(rows: readonly CountedRow[]): void {
    if (this.limits.size === 0) return
    for (const row of rows) {
      const tokens = (row.inputTokens ?? 0) + (row.cacheCreationInputTokens ?? 0)
      const second = this.secondOf(Math.min(row.createdAtMs + (row.responseTimeMs ?? 0), this.now()))
      if (tokens > 0) for (const subject of this.limitedOf(row)) this.counters.countTokens(subject, second, tokens)
    }
  }

  setLimits(limits: readonly HeldLimit[]): void {
    const bySubject = new Map<string, Limit[]>()
    for (const limit of limits.filter(({ isEnforced }) => isEnforced)) {
      const subject = subjectOf(limit.scope, limit.scopeId)
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), limit])
    }
    this.limits = bySubject
    this.firstKeyIds = new Map(
      limits.flatMap(({ scopeId, laterKeyIds = [] }) => laterKeyIds.map((id) => [id, scopeId])),
    )
    this.counters.keepOnly(new Set(bySubject.keys()))
  }

  /** Enforced limits; empty = there is nothing to keep equal. */
  listLimits(): Limit[] {
    return [...this.limits.values()].flat()
  }

  private countIn(subjects: readonly string[]): OverLimit | { release(): void } {
    for (const subject of subjects) {
      const over = this.judge(subject)
      if (over) return over
    }
    const second = this.secondOf(this.now())
    for (const subject of subjects) this.counters.countIn(subject, second)
    return { release: onlyOnce(() => subjects.forEach((subject) => this.counters.countOut(subject))) }
  }

  private judge(subject: string): OverLimit | null {
    const nowMs = this.now() + this.clockOffsetMs
    const second = Math.floor(nowMs / 1000)
    const standing: Standing = {
      nowMs,
      requests: () => this.counters.perSecond(subject, 'requests', second),
      inputTokens: () => this.counters.perSecond(subject, 'inputTokens', second),
      inFlight: () => this.counters.inFlight(subject),
      spent: (period) => (this.spent.get(subject) ?? nothingSpent)[period],
    }
    const verdicts = (this.limits.get(subject) ?? []).flatMap((limit) => judgeLimit(limit, standing) ?? [])
    // The one that lasts longest: coming back earlier would be in vain.
    return verdicts.sort((a, b) => b.retryAfterSeconds - a.retryAfterSeconds)[0] ?? null
  }

  private limitedOf({ domainId, clientKeyId, accountId }: Pick<CountedRow, 'domainId' | 'clientKeyId' | 'accountId'>) {
    return this.limited([
      'all',
      ...(domainId ? [subjectOf('domain', domainId)] : []),
      ...(clientKeyId ? [this.subjectOfKey(clientKeyId)] : []),
      ...(accountId ? [subjectOf('account', accountId)] : []),
    ])
  }

  private subjectOfKey(clientKeyId: string): string {
    return subjectOf('client_key', this.firstKeyIds.get(clientKeyId) ?? clientKeyId)
  }

  private limited(subjects: readonly string[]): string[] {
    return subjects.filter((subject) => this.limits.has(subject))
  }

  private secondOf(atMs: number): number {
    return Math.floor((atMs + this.clockOffsetMs) / 1000)
  }
}

function onlyOnce(run: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) run()
    isDone = true
  }
}
