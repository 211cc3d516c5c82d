import { addCounts, MinuteCounts, type SecondCounts } from './minute-counts'

/** What one process counted for one subject. */
export interface SubjectCounts {
  readonly requests: SecondCounts
  readonly inputTokens: SecondCounts
  readonly inFlight: number
}

interface Own {
  readonly requests: MinuteCounts
  readonly inputTokens: MinuteCounts
  inFlight: number
  /** Something changed since it was last published. */
  isChanged: boolean
  publishedAtMs: number
}

/** How long a published number of running requests is believed: a process that died cannot take it back. */
export const inFlightBelievedMs = 5_000
const repeatMs = 2_000

/** The counts of all limited subjects: our own, and what other processes said of theirs. */
export class LimitCounters {
  private readonly own = new Map<string, Own>()
  private others = new Map<string, readonly SubjectCounts[]>()

  countIn(subject: string, second: number): void {
    const own = this.ownOf(subject)
    own.requests.add(second, 1)
    own.inFlight += 1
    own.isChanged = true
  }

  countOut(subject: string): void {
    const own = this.ownOf(subject)
    own.inFlight = Math.max(0, own.inFlight - 1)
    own.isChanged = true
  }

  countTokens(subject: string, second: number, tokens: number): void {
    const own = this.ownOf(subject)
    own.inputTokens.add(second, tokens)
    own.isChanged = true
  }

  /** Over all processes, second by second, the last one `second`. */
  perSecond(subject: string, what: 'requests' | 'inputTokens', second: number): number[] {
    const own = this.own.get(subject)
    const others = (this.others.get(subject) ?? []).map((counts) => counts[what])
    return addCounts(own ? [own[what].read(), ...others] : others, second)
  }

  /** Over all processes. */
  inFlight(subject: string): number {
    const others = this.others.get(subject) ?? []
    return others.reduce((sum, counts) => sum + counts.inFlight, this.own.get(subject)?.inFlight ?? 0)
  }

  /** What others have to hear: changes, and running requests again before they stop to believe in them. */
  takeUnpublished(nowMs: number): [subject: string, counts: SubjectCounts][] {
    const due = [...this.own].filter(
      ([, own]) => own.isChanged || (own.inFlight > 0 && nowMs - own.publishedAtMs >= repeatMs),
    )
    return due.map(([subject, own]) => {
      own.isChanged = false
      own.publishedAtMs = nowMs
      return [subject, { requests: own.requests.read(), inputTokens: own.inputTokens.read(), inFlight: own.inFlight }]
    })
  }

  /** They could not be published: they are due again. */
  putBack(subjects: Iterable<string>): void {
    for (const subject of subjects) this.ownOf(subject).isChanged = true
  }

  setOthers(others: Map<string, readonly SubjectCounts[]>): void {
    this.others = others
  }

  /** Forgets what has no limit any more. */
  keepOnly(subjects: ReadonlySet<string>): void {
    for (const subject of this.own.keys()) if (!subjects.has(subject)) this.own.delete(subject)
  }

  private ownOf(subject: string): Own {
    let own = this.own.get(subject)
    if (!own) {
      own = {
        requests: new MinuteCounts(),
        inputTokens: new MinuteCounts(),
        inFlight: 0,
        isChanged: false,
        publishedAtMs: 0,
      }
      this.own.set(subject, own)
    }
    return own
  }
}
