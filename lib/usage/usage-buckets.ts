import { listBucketStarts, type Period, type TimeBucket } from '@/lib/time-buckets'

/** How finely usage is cut, finest first. `total` = one bucket for the whole period. */
export const bucketNames = ['5m', '15m', 'hour', '6h', 'day', 'week', 'total'] as const
export type BucketName = (typeof bucketNames)[number]

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** More points than this no chart can show and no reader compares. */
const mostBuckets = 400
/** A chart of bars reads well up to here. */
const fewBuckets = 62

const lengthMs: Record<Exclude<BucketName, 'total'>, number> = {
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  hour: hourMs,
  '6h': 6 * hourMs,
  day: dayMs,
  week: 7 * dayMs,
}

/** The bucket asked for, or the next coarser one that cuts the period into at most 400. */
export function coarsenBucket(wanted: BucketName, period: Period): BucketName {
  return firstWithin(bucketNames.slice(bucketNames.indexOf(wanted)), period, mostBuckets)
}

/** The finest bucket that a chart of bars shows well. */
export function chooseUsageBucket(period: Period): BucketName {
  return firstWithin(bucketNames, period, fewBuckets)
}

function firstWithin(names: readonly BucketName[], { from, to }: Period, most: number): BucketName {
  const rangeMs = to.getTime() - from.getTime()
  return names.find((name) => name === 'total' || rangeMs / lengthMs[name] <= most - 1) ?? 'total'
}

/**
 * The starts of all buckets that touch the period, oldest first, in a time zone. Days and weeks begin at its midnights;
 * hours are those of the ledger, so where midnight is at half past a full hour they begin at half past too.
 */
export function listUsageStarts(name: BucketName, period: Period, timeZone: string): Date[] {
  if (name === 'total') return [period.from]
  const starts = listBucketStarts(period, timeBucketOf(name, timeZone))
  return name === 'hour' || name === '6h' ? starts.map(toFullHour) : starts
}

const toFullHour = (at: Date) => new Date(Math.floor(at.getTime() / hourMs) * hourMs)

export function timeBucketOf(name: Exclude<BucketName, 'total'>, timeZone: string): TimeBucket {
  const unit = name === 'day' || name === 'week' ? name : 'step'
  return { unit, lengthMs: lengthMs[name], timeZone }
}
