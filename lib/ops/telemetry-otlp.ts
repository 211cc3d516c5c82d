/** The little of OTLP's JSON that we send. Numbers of 64 bits are strings there. */

type AttributeValue = string | number | boolean | readonly string[] | null

export type Attributes = Readonly<Record<string, AttributeValue>>

/** Attributes in OTLP's shape; what is null is left out. */
export function otlpAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ({ key, value: otlpValue(value) }))
}

function otlpValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: (value ?? []).map((each) => ({ stringValue: each })) } }
}

export function otlpNanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`
}

interface Point {
  readonly attributes: Attributes
  readonly counts: number[]
  count: number
  sum: number
}

/** A histogram that counts from the start of the process. */
export class OtlpHistogram {
  private readonly points = new Map<string, Point>()

  constructor(
    private readonly instrument: { readonly name: string; readonly unit: string },
    private readonly bounds: readonly number[],
  ) {}

  record(value: number, attributes: Attributes): void {
    const key = JSON.stringify(attributes)
    const known = this.points.get(key)
    const point = known ?? { attributes, counts: new Array<number>(this.bounds.length + 1).fill(0), count: 0, sum: 0 }
    if (!known) this.points.set(key, point)
    const bucket = this.bounds.findIndex((bound) => value <= bound)
    const at = bucket < 0 ? this.bounds.length : bucket
    point.counts[at] = (point.counts[at] ?? 0) + 1
    point.count += 1
    point.sum += value
  }

  toOtlp(startMs: number, nowMs: number): object {
    const dataPoints = [...this.points.values()].map(({ attributes, counts, count, sum }) => ({
      attributes: otlpAttributes(attributes),
      startTimeUnixNano: otlpNanoseconds(startMs),
      timeUnixNano: otlpNanoseconds(nowMs),
      count: String(count),
      sum,
      bucketCounts: counts.map(String),
      explicitBounds: this.bounds,
    }))
    const cumulative = 2
    return { ...this.instrument, histogram: { aggregationTemporality: cumulative, dataPoints } }
  }
}
