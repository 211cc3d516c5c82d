const width = 100
const height = 24

/** The path of a course; gaps where there is no value. Pure. */
export function sparklinePath(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return ''
  const top = Math.max(...known)
  const bottom = Math.min(0, ...known)
  const scale = top === bottom ? 0 : (height - 2) / (top - bottom)
  let isDrawing = false
  return values
    .map((value, index) => {
      const command = isDrawing ? 'L' : 'M'
      const isAlone = !isDrawing && (values[index + 1] ?? null) === null
      isDrawing = value !== null
      if (value === null) return ''
      const x = (index / (values.length - 1)) * width
      // A value without neighbours is a dot: a line of no length with round ends.
      return `${command}${x.toFixed(1)} ${(height - 1 - (value - bottom) * scale).toFixed(1)}${isAlone ? 'h0' : ''}`
    })
    .join('')
}

/** The course of a figure as one line; the figure itself stands beside it in words. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="h-6 w-full" aria-hidden>
      <path
        d={sparklinePath(values)}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth={1.5}
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
