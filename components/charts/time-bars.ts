import { formatTime } from '@/lib/format'
import { listBucketStarts, nextStart, type TimeBucket } from '@/lib/time-buckets'

export interface BarSeries {
  /** Key of the value in a bar. */
  readonly key: string
  readonly name: string
  readonly color: string
  /** Parts are stacked bars unless they say otherwise; a line may have gaps. */
  readonly look?: 'bar' | 'line' | 'dashed'
}

/** The figure of a part in words; a line without a value there has none. */
export function partText(bar: TimeBar, part: BarSeries, formatValue: (value: number) => string): string {
  const value = bar.values[part.key]
  if (value === undefined && (part.look ?? 'bar') !== 'bar') return '–'
  return formatValue(value ?? 0)
}

/** One bucket of a chart over time. */
export interface TimeBar {
  readonly start: string
  readonly end: string
  /** For the axis. */
  readonly label: string
  /** For the tooltip and the table. */
  readonly fullLabel: string
  /** The bucket is not over, or began before the period: drawn lighter. */
  readonly isIncomplete: boolean
  /** Nothing was recorded in those days: not zero, unknown. */
  readonly isMissing: boolean
  readonly values: Readonly<Record<string, number>>
}

export interface BarPeriod {
  readonly from: Date
  readonly to: Date
  readonly bucket: TimeBucket
  /** When recording began; null = never. */
  readonly firstRecordedAt: Date | null
}

/** All buckets of a period, those without values too. `valuesAt` is asked with the start in milliseconds. */
export function buildTimeBars(
  period: BarPeriod,
  valuesAt: (startMs: number) => Readonly<Record<string, number>>,
): TimeBar[] {
  const { from, to, bucket, firstRecordedAt } = period
  return listBucketStarts(period, bucket).map((start) => {
    const end = nextStart(start, bucket)
    const values = valuesAt(start.getTime())
    return {
      start: start.toISOString(),
      end: end.toISOString(),
      label: axisLabelOf(start, period),
      fullLabel: fullLabelOf(start, end, bucket),
      isIncomplete: end > to || start < from,
      isMissing: Object.keys(values).length === 0 && (firstRecordedAt === null || end <= firstRecordedAt),
      values,
    }
  })
}

const dayMs = 86_400_000

export function axisLabelOf(start: Date, { from, to, bucket }: Omit<BarPeriod, 'firstRecordedAt'>): string {
  const time = formatTime(start, bucket.timeZone, 'short')
  const [day = '', clock = ''] = time.split(', ')
  if (bucket.unit !== 'step') return day
  return to.getTime() - from.getTime() > dayMs ? time : clock
}

export function fullLabelOf(start: Date, end: Date, bucket: TimeBucket): string {
  if (bucket.unit === 'day') return formatTime(start, bucket.timeZone, 'day')
  if (bucket.unit === 'week') return `Week of ${formatTime(start, bucket.timeZone, 'day')}`
  const [day, clock] = formatTime(start, bucket.timeZone, 'short').split(', ')
  const until = formatTime(end, bucket.timeZone, 'short').split(', ')[1]
  return `${day}, ${clock}–${until}`
}
