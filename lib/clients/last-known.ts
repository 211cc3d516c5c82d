import { LRUCache } from 'lru-cache'
import { AppError } from '@/lib/errors'

/** Fresh enough to answer at once, and to keep the promise that a change counts within five seconds. */
const refreshAfterMs = 2_500
const freshForMs = 5_000
/** How long "there is none" is believed. Short: a key may be created in another process a moment later. */
const absentForMs = 1_000
/** A database that does not answer in this time counts as away. */
const waitMs = 1_000
const probeEveryMs = 1_000
/** Questions about unknown keys that may run at once: guesses must not take the connections of the recorder. */
const maxLoading = 64

interface Known<T> {
  value: T
  /** On the monotonic clock: the time of day may be set back. */
  loadedAtMs: number
}

export interface LastKnown<T> {
  /** The value, or null when there is none. Throws `unavailable` only for what was never known while the source is away. */
  get(key: string): Promise<T | null>
  /** Drops the age of everything (or one key): the next `get` asks the source. Known values stay as a fallback. */
  expire(key?: string): void
  /** Takes back what an earlier process knew; used only while the source is away. */
  restore(entries: readonly (readonly [string, T])[]): void
}

interface LastKnownOptions<T> {
  /** Names the thing in errors, e.g. `client key`. */
  readonly what: string
  readonly load: (key: string) => Promise<T | null>
  readonly max: number
}

/**
 * A cache that asks again after a few seconds, and goes on with the last known value for as long as the
 * source is away: a database outage must not turn callers away.
 */
export function makeLastKnown<T extends object>(options: LastKnownOptions<T>): LastKnown<T> {
  return new LastKnownCache(options)
}

class LastKnownCache<T extends object> implements LastKnown<T> {
  private readonly known: LRUCache<string, Known<T>>
  private readonly absent: LRUCache<string, { atMs: number }>
  private readonly loading = new Map<string, Promise<T | null>>()
  /** Runs while the source is away. */
  private probe: NodeJS.Timeout | null = null
  /** Raised by `expire`, so that an answer asked for earlier is not stored as new. */
  private generation = 0

  constructor(private readonly options: LastKnownOptions<T>) {
    this.known = new LRUCache({ max: options.max })
    this.absent = new LRUCache({ max: options.max })
  }

  async get(key: string): Promise<T | null> {
    const known = this.known.get(key)
    if (!known) return this.getUnknown(key)
    const ageMs = performance.now() - known.loadedAtMs
    if (ageMs <= refreshAfterMs || this.probe) return known.value
    const loaded = this.load(key).catch(() => known.value)
    return ageMs <= freshForMs ? known.value : loaded
  }

  private async getUnknown(key: string): Promise<T | null> {
    const absent = this.absent.get(key)
    if (absent && performance.now() - absent.atMs <= absentForMs) return null
    if (this.loading.size >= maxLoading) throw this.unavailable('too many questions at once')
    return this.load(key)
  }

  /** One question at a time for a key, with a bounded wait. */
  private load(key: string): Promise<T | null> {
    const running = this.loading.get(key)
    if (running) return running
    const generation = this.generation
    const asked = withinTime(this.options.load(key)).then(
      (value) => {
        this.stopProbe()
        if (generation === this.generation) this.store(key, value)
        return value
      },
      (cause: unknown) => {
        this.probeUntilBack(key)
        throw this.unavailable(cause)
      },
    )
    const done = asked.finally(() => {
      if (this.loading.get(key) === done) this.loading.delete(key)
    })
    this.loading.set(key, done)
    return done
  }

  private unavailable(cause: unknown): AppError {
    return new AppError('unavailable', `The ${this.options.what} cannot be checked right now.`, { cause })
  }

  private store(key: string, value: T | null): void {
    if (value) {
      this.absent.delete(key)
      this.known.set(key, { value, loadedAtMs: performance.now() })
    } else {
      this.known.delete(key)
      this.absent.set(key, { atMs: performance.now() })
    }
  }

  /** While the source is away nobody waits for it; this notices its return, so that old values are checked again. */
  private probeUntilBack(key: string): void {
    if (this.probe) return
    this.probe = setInterval(() => void this.load(key).catch(() => undefined), probeEveryMs)
    this.probe.unref()
  }

  private stopProbe(): void {
    if (this.probe) clearInterval(this.probe)
    this.probe = null
  }

  expire(key?: string): void {
    this.generation += 1
    this.loading.clear()
    this.stopProbe()
    this.absent.clear()
    const expired = key === undefined ? [...this.known.keys()] : [key]
    for (const name of expired) {
      const known = this.known.peek(name)
      if (known) known.loadedAtMs = Number.NEGATIVE_INFINITY
    }
  }

  restore(entries: readonly (readonly [string, T])[]): void {
    for (const [key, value] of entries) {
      if (!this.known.has(key)) this.known.set(key, { value, loadedAtMs: Number.NEGATIVE_INFINITY })
    }
  }
}

function withinTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${waitMs} ms`)), waitMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
