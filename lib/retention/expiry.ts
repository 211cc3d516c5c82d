import { weekStartOf } from '@/lib/recorder/partitions'
import type { RetentionPolicy } from './policies'

/** What is kept of each domain, and what of everything else. A number of days; 0 = for ever. */
export interface KeptDays {
  readonly byDomain: ReadonlyMap<string, number>
  readonly others: number
}

/** Which rows of a week have expired: those of these domains, and perhaps those of no known domain. */
export interface Expiry {
  readonly expiredIds: readonly string[]
  readonly knownIds: readonly string[]
  readonly isOthersExpired: boolean
}

const dayMs = 86_400_000

/** Bodies go when they are due, and with their rows at the latest. */
export function bodyDaysOf({ bodyDays, rowDays }: RetentionPolicy, fallback: number): number {
  const given = [bodyDays ?? fallback, rowDays ?? fallback].filter((days) => days > 0)
  return given.length === 0 ? 0 : Math.min(...given)
}

export function keptDays(policies: readonly RetentionPolicy[], what: 'bodies' | 'rows', fallback: number): KeptDays {
  const daysOf = (policy: RetentionPolicy) =>
    what === 'bodies' ? bodyDaysOf(policy, fallback) : (policy.rowDays ?? fallback)
  return { byDomain: new Map(policies.map((policy) => [policy.domainId, daysOf(policy)])), others: fallback }
}

/** From here on everything is kept: the beginning of a week, because weeks go as a whole. null = all of it. */
export function keptFrom(days: number, nowMs: number): Date | null {
  return days === 0 ? null : new Date(weekStartOf(nowMs - days * dayMs))
}

/** What has expired of a week that ended at `endMs`. */
export function expiryOf({ byDomain, others }: KeptDays, endMs: number, nowMs: number): Expiry {
  const isExpired = (days: number) => {
    const from = keptFrom(days, nowMs)
    return from !== null && endMs <= from.getTime()
  }
  const knownIds = [...byDomain.keys()]
  return {
    knownIds,
    expiredIds: knownIds.filter((domainId) => isExpired(byDomain.get(domainId) ?? 0)),
    isOthersExpired: isExpired(others),
  }
}

export const isNothingExpired = ({ expiredIds, isOthersExpired }: Expiry): boolean =>
  expiredIds.length === 0 && !isOthersExpired

export const isEverythingExpired = ({ expiredIds, knownIds, isOthersExpired }: Expiry): boolean =>
  isOthersExpired && expiredIds.length === knownIds.length
