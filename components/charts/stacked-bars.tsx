'use client'

import { useId } from 'react'
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  Rectangle,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { BarTooltip } from './bar-tooltip'
import { Legend } from './legend'
import type { BarSeries, TimeBar } from './time-bars'
import { chooseByteAxis, chooseValueAxis, isStacked, writeTicks } from './value-axis'

interface StackedBarsProps {
  series: readonly BarSeries[]
  bars: readonly TimeBar[]
  formatValue: (value: number) => string
  /** Bytes are marked by powers of two, as they are written. */
  unit?: 'bytes'
  /** Called with the bar that was pressed. */
  onChoose?: (bar: TimeBar) => void
}

const tick = { fill: 'var(--color-muted)', fontSize: 11 }
const cursor = { stroke: 'var(--color-muted)' }

/** Parts of a whole over time, and lines over them. A bucket that is not over is lighter; one from before the recording is hatched. */
export function StackedBars({ series, bars, formatValue, unit, onChoose }: StackedBarsProps) {
  const hatch = useId()
  const missing = bars.filter((bar) => bar.isMissing)
  const { ticks, domain } = unit === 'bytes' ? chooseByteAxis(series, bars) : chooseValueAxis(series, bars, formatValue)
  const words = writeTicks(ticks, formatValue)
  return (
    <div>
      <Legend series={series} hasIncomplete={bars.some((bar) => bar.isIncomplete)} hasMissing={missing.length > 0} />
      {/* Until it is measured the chart may be wider than its place. */}
      <div className="h-56 overflow-hidden" aria-hidden>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 224 }}>
          <ComposedChart
            data={bars as TimeBar[]}
            margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
            barCategoryGap="12%"
            accessibilityLayer={false}
            onClick={({ activeIndex }) => {
              const bar = bars[Number(activeIndex)]
              if (bar) onChoose?.(bar)
            }}
          >
            <HatchPattern id={hatch} />
            <CartesianGrid vertical={false} stroke="var(--color-line)" />
            <XAxis
              dataKey="start"
              tickFormatter={(start: string) => labelOf(bars, start)}
              tick={tick}
              tickLine={false}
              axisLine={{ stroke: 'var(--color-line)' }}
              minTickGap={32}
            />
            <YAxis
              {...{ ticks, domain, tick }}
              tickFormatter={(value: number) => words[ticks.indexOf(value)] ?? formatValue(value)}
              tickLine={false}
              axisLine={false}
              width={60}
            />
            <Tooltip
              cursor={cursor}
              isAnimationActive={false}
              content={<BarTooltip series={series} formatValue={formatValue} />}
            />
            {missing.length > 0 && (
              <ReferenceArea x1={missing[0]?.start} x2={missing.at(-1)?.start} fill={`url(#${hatch})`} />
            )}
            {series.filter(isStacked).map((one) => (
              <Bar
                key={one.key}
                dataKey={(bar: TimeBar) => bar.values[one.key] ?? 0}
                name={one.name}
                stackId="all"
                maxBarSize={72}
                fill={one.color}
                isAnimationActive={false}
                shape={(props: object) => <PartBar {...props} />}
              />
            ))}
            {series
              .filter((one) => !isStacked(one))
              .map((one) => (
                <Line
                  key={one.key}
                  dataKey={(bar: TimeBar) => bar.values[one.key]}
                  name={one.name}
                  stroke={one.color}
                  strokeWidth={1.5}
                  strokeDasharray={one.look === 'dashed' ? '4 3' : undefined}
                  dot={false}
                  isAnimationActive={false}
                />
              ))}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </div>
  )
}

function PartBar(props: { payload?: TimeBar }) {
  return <Rectangle {...props} fillOpacity={props.payload?.isIncomplete ? 0.5 : 1} />
}

function HatchPattern({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1={0} y1={0} x2={0} y2={6} stroke="var(--color-line)" strokeWidth={2} />
      </pattern>
    </defs>
  )
}

function labelOf(bars: readonly TimeBar[], start: string): string {
  return bars.find((bar) => bar.start === start)?.label ?? ''
}
