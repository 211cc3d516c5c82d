export interface BucketSize {
  readonly burst: number
  readonly perSecond: number
}

/** Lets a burst pass, then so many a second. */
export class TokenBucket {
  private tokens: number

  constructor(
    private readonly size: BucketSize,
    private atMs: number,
  ) {
    this.tokens = size.burst
  }

  /** Takes one; how many seconds to wait for it, 0 = it was there. */
  take(nowMs: number): number {
    const { burst, perSecond } = this.size
    this.tokens = Math.min(burst, this.tokens + ((nowMs - this.atMs) / 1_000) * perSecond)
    this.atMs = nowMs
    if (this.tokens < 1) return (1 - this.tokens) / perSecond
    this.tokens -= 1
    return 0
  }
}
