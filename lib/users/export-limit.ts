import { LRUCache } from 'lru-cache'
import { AppError } from '@/lib/errors'
import { shared } from '@/lib/shared'
import type { Actor } from './access'
import { TokenBucket } from './token-bucket'

/** Enough for a person and for a nightly script; not for a loop that keeps the database busy. */
export const exportsOfOne = { burst: 60, perSecond: 1 } as const

const buckets = () => shared('export-limits', () => new LRUCache<string, TokenBucket>({ max: 10_000 }))

/** Counts an export of a user, or of the dashboard key; too many at once get a 429 that says how long to wait. */
export function countExport({ userId }: Actor, nowMs = Date.now()): void {
  const who = userId ?? 'dashboard key'
  const bucket = buckets().get(who) ?? new TokenBucket(exportsOfOne, nowMs)
  buckets().set(who, bucket)
  const retryAfterSeconds = Math.ceil(bucket.take(nowMs))
  if (retryAfterSeconds === 0) return
  const message = `Too many exports. Try again in ${retryAfterSeconds} s.`
  throw new AppError('rate-limited', message, { details: { retryAfterSeconds } })
}
