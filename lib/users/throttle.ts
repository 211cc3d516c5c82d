import { LRUCache } from 'lru-cache'
import { AppError } from '@/lib/errors'
import { shared } from '@/lib/shared'
import { TokenBucket, type BucketSize } from './token-bucket'

const freeFailures = 5
const longestWaitMs = 300_000
const forgottenAfterMs = 86_400_000
const perAddress: BucketSize = { burst: 20, perSecond: 0.2 }
const everybody: BucketSize = { burst: 100, perSecond: 2 }

/**
 * Slows guessing down: per account the wait doubles with each failure after the fifth, per address and for all
 * together a bucket of attempts refills slowly. An account that does not exist is treated the same.
 * Only logins are slowed, never the proxy.
 */
export function makeLoginThrottle(now: () => number = Date.now) {
  const accounts = new LRUCache<string, { failures: number; blockedUntilMs: number }>({
    max: 10_000,
    ttl: forgottenAfterMs,
  })
  const addresses = new LRUCache<string, TokenBucket>({ max: 10_000 })
  const all = new TokenBucket(everybody, now())

  function takeOfAddress(address: string): number {
    const bucket = addresses.get(address) ?? new TokenBucket(perAddress, now())
    addresses.set(address, bucket)
    return bucket.take(now())
  }

  return {
    /** Counts an attempt in, as a failure until `succeeded` says otherwise; how many seconds to wait, 0 = go on. */
    begin(account: string, address: string): number {
      const known = accounts.get(account) ?? { failures: 0, blockedUntilMs: 0 }
      if (known.blockedUntilMs > now()) return Math.ceil((known.blockedUntilMs - now()) / 1000)
      // One address that is over its own share must not use up that of all.
      const waitSeconds = takeOfAddress(address) || all.take(now())
      if (waitSeconds > 0) return Math.ceil(waitSeconds)
      const failures = known.failures + 1
      const waitMs = failures < freeFailures ? 0 : Math.min(longestWaitMs, 1_000 * 2 ** (failures - freeFailures))
      accounts.set(account, { failures, blockedUntilMs: now() + waitMs })
      return 0
    },
    succeeded(account: string): void {
      accounts.delete(account)
    },
  }
}

type LoginThrottle = ReturnType<typeof makeLoginThrottle>

const throttle = (): LoginThrottle => shared('login-throttle', makeLoginThrottle)

/** Begins a counted attempt or throws a 429 that says how long to wait. */
export function beginAttempt(account: string, address: string): void {
  const waitSeconds = throttle().begin(account, address)
  if (waitSeconds > 0) {
    throw new AppError('rate-limited', `Too many attempts. Try again in ${waitSeconds} s.`, {
      details: { retryAfterSeconds: waitSeconds },
    })
  }
}

export function endAttempt(account: string): void {
  throttle().succeeded(account)
}
