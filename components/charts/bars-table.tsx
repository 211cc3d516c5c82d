import { Table, type Column } from '@/components/ui/table'
import { partText, type BarSeries, type TimeBar } from './time-bars'

interface BarsTableProps {
  caption: string
  series: readonly BarSeries[]
  bars: readonly TimeBar[]
  formatValue: (value: number) => string
}

/** The figures of a chart over time, newest first. */
export function BarsTable({ caption, series, bars, formatValue }: BarsTableProps) {
  const columns: Column<TimeBar>[] = [
    {
      key: 'time',
      header: 'Time',
      isTitle: true,
      cell: (bar) => `${bar.fullLabel}${bar.isIncomplete ? ' (not whole)' : ''}`,
    },
    ...series.map((one): Column<TimeBar> => ({
      key: one.key,
      header: one.name,
      align: 'end',
      cell: (bar) => (bar.isMissing ? 'not recorded' : partText(bar, one, formatValue)),
    })),
  ]
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={[...bars].reverse()}
      rowKey={(bar) => bar.start}
      density="compact"
      maxHeight="20rem"
    />
  )
}
