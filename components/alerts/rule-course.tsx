import { isBreached, formatAlertValue, type AlertMetric } from '@/lib/alerts/alert-metrics'

interface RuleCourseProps {
  metric: AlertMetric
  /** The worst value of each hour, oldest first; null = not known. */
  course: readonly (number | null)[]
  threshold: number
}

const height = 56

/** The figure over the last days as bars of an hour each, against the threshold; what it would tell is in red. */
export function RuleCourse({ metric, course, threshold }: RuleCourseProps) {
  const top = Math.max(threshold, ...course.map((value) => value ?? 0)) * 1.1 || 1
  const place = (value: number) => height - (value / top) * height
  return (
    <figure className="my-2">
      <svg
        viewBox={`0 0 ${course.length} ${height}`}
        preserveAspectRatio="none"
        className="w-full border-b border-line"
        style={{ height }}
        aria-hidden
      >
        {course.map((value, hour) =>
          value === null ? null : (
            <rect
              key={hour}
              x={hour}
              // A value of nothing is drawn too: it is known.
              y={Math.min(place(value), height - 1.5)}
              width={1}
              height={height}
              fill={isBreached(metric, value, threshold) ? 'var(--color-danger)' : 'var(--chart-1)'}
            />
          ),
        )}
        <line
          x1={0}
          x2={course.length}
          y1={place(threshold)}
          y2={place(threshold)}
          stroke="var(--color-secondary)"
          strokeDasharray="4 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="mt-1 flex justify-between text-meta text-muted numeric">
        <span>7 days ago</span>
        <span>dashed: {formatAlertValue(metric, threshold)}</span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}
