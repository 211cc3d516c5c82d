import { TZDate } from '@date-fns/tz'
import { addDays, startOfDay, startOfWeek } from 'date-fns'
import type { Parameter } from './dashboard-query'

/** How a period is cut for a chart: steps of equal length, or days and weeks of a time zone. */
export interface TimeBucket {
  readonly unit: 'step' | 'day' | 'week'
  /** Length of a step; for days and weeks their usual length. */
  readonly lengthMs: number
  readonly timeZone: string
}

export interface Period {
  readonly from: Date
  readonly to: Date
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const mostBuckets = 60
const stepsMs = [minuteMs, 2 * minuteMs, 5 * minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs, 3 * hourMs, 6 * hourMs]

/** The finest cut with at most 60 buckets. */
export function chooseBucket({ from, to }: Period, timeZone: string): TimeBucket {
  const rangeMs = to.getTime() - from.getTime()
  // Half the limit for minutes: an hour reads better as 30 bars than as 60.
  const step = stepsMs.find(
    (lengthMs) => rangeMs / lengthMs <= (lengthMs < hourMs ? mostBuckets / 1.5 : mostBuckets / 2),
  )
  if (step) return { unit: 'step', lengthMs: step, timeZone }
  if (rangeMs / dayMs <= mostBuckets) return { unit: 'day', lengthMs: dayMs, timeZone }
  return { unit: 'week', lengthMs: 7 * dayMs, timeZone }
}

/** The starts of all buckets that touch the period, oldest first. */
export function listBucketStarts({ from, to }: Period, bucket: TimeBucket): Date[] {
  const starts: Date[] = []
  let at = firstStart(from, bucket)
  while (at < to) {
    starts.push(at)
    at = nextStart(at, bucket)
  }
  return starts
}

/** The end of the bucket that begins at `start`. */
export function nextStart(start: Date, bucket: TimeBucket): Date {
  if (bucket.unit === 'step') return new Date(start.getTime() + bucket.lengthMs)
  const later = addDays(new TZDate(start, bucket.timeZone), bucket.unit === 'day' ? 1 : 7)
  // Where clocks go forward at midnight a day begins at one o'clock; the day after begins at midnight again.
  return plainDate(startOfDay(later))
}

function firstStart(from: Date, bucket: TimeBucket): Date {
  const local = new TZDate(from, bucket.timeZone)
  if (bucket.unit === 'week') return plainDate(startOfWeek(local, { weekStartsOn: 1 }))
  const midnight = startOfDay(local)
  if (bucket.unit === 'day') return plainDate(midnight)
  const steps = Math.floor((from.getTime() - midnight.getTime()) / bucket.lengthMs)
  return new Date(midnight.getTime() + steps * bucket.lengthMs)
}

const plainDate = (date: Date) => new Date(date.getTime())

/**
 * SQL for the start of the bucket in which `column` lies; agrees with listBucketStarts for the same `from`.
 * `parameter` adds a value to the query and answers its placeholder.
 */
export function bucketSql(
  column: string,
  { bucket, from }: { bucket: TimeBucket; from: Date },
  parameter: Parameter,
): string {
  if (bucket.unit !== 'step') return `date_trunc('${bucket.unit}', ${column}, ${parameter(bucket.timeZone)}::text)`
  const origin = parameter(firstStart(from, bucket))
  return `date_bin(make_interval(secs => ${parameter(bucket.lengthMs / 1000)}), ${column}, ${origin}::timestamptz)`
}
