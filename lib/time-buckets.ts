import { TZDate } from '@date-fns/tz'
import { addDays, setHours, startOfDay, startOfWeek } from 'date-fns'
import type { Parameter } from './dashboard-query'

/** How a period is cut for a chart: steps, or days and weeks of a time zone. */
export interface TimeBucket {
  readonly unit: 'step' | 'day' | 'week'
  /** Their usual length: where clocks change, a day and a step of several hours are longer or shorter. */
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
  const { unit, lengthMs, timeZone } = bucket
  if (unit === 'step' && lengthMs <= hourMs) return new Date(start.getTime() + lengthMs)
  const local = new TZDate(start, timeZone)
  if (unit === 'step') return nextByTheClock(local, lengthMs / hourMs)
  // Where clocks go forward at midnight a day begins at one o'clock; the day after begins at midnight again.
  return plainDate(startOfDay(addDays(local, unit === 'day' ? 1 : 7)))
}

/** Steps of several hours begin at the same hours of every day, whatever the clocks did in the night. */
function nextByTheClock(local: TZDate, hours: number): Date {
  const hour = local.getHours() - (local.getHours() % hours) + hours
  return plainDate(hour < 24 ? setHours(local, hour) : startOfDay(addDays(local, 1)))
}

function firstStart(from: Date, bucket: TimeBucket): Date {
  const local = new TZDate(from, bucket.timeZone)
  if (bucket.unit === 'week') return plainDate(startOfWeek(local, { weekStartsOn: 1 }))
  const midnight = plainDate(startOfDay(local))
  if (bucket.unit === 'day') return midnight
  if (bucket.lengthMs > hourMs) return lastStartUntil(from, midnight, bucket)
  const steps = Math.floor((from.getTime() - midnight.getTime()) / bucket.lengthMs)
  return new Date(midnight.getTime() + steps * bucket.lengthMs)
}

function lastStartUntil(from: Date, start: Date, bucket: TimeBucket): Date {
  const next = nextStart(start, bucket)
  return next > from ? start : lastStartUntil(from, next, bucket)
}

const plainDate = (date: Date) => new Date(date.getTime())

/**
 * SQL for the start of the bucket in which `column` lies: one of listBucketStarts, the first one for what is before
 * it (a request that is found by its id may have come a moment before the period). `parameter` adds a value to the
 * query and answers its placeholder.
 */
export function bucketSql(column: string, period: Period & { bucket: TimeBucket }, parameter: Parameter): string {
  const starts = `${parameter(listBucketStarts(period, period.bucket))}::timestamptz[]`
  return `(${starts})[greatest(1, width_bucket(${column}, ${starts}))]`
}
