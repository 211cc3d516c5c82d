import { formatCostUsd } from '@/lib/format'

interface HeatCell {
  /** 0 = nothing was used; 1 to 7. */
  readonly level: number
  readonly costText: string
  readonly text: string
}

export interface HeatMap {
  readonly rows: readonly { readonly day: string; readonly cells: readonly HeatCell[] }[]
  readonly summary: string
}

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const levels = 7

/** Cost by weekday and hour as seven levels of colour, and the hour that costs most in words. */
export function prepareHeatMap(week: readonly (readonly number[])[]): HeatMap {
  const most = Math.max(...week.flat(), 0)
  const rows = days.map((day, index) => {
    const cells = (week[index] ?? []).map((cost, hour): HeatCell => {
      const level = cost <= 0 ? 0 : Math.max(1, Math.ceil((cost / most) * levels))
      const costText = formatCostUsd(cost)
      return { level, costText, text: `${day}, ${hourText(hour)}: ${costText}` }
    })
    return { day, cells }
  })
  return { rows, summary: summaryOf(week, most) }
}

export const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`

function summaryOf(week: readonly (readonly number[])[], most: number): string {
  if (most === 0) return 'Nothing was used in the last four weeks.'
  const day = week.findIndex((hours) => hours.includes(most))
  const hour = week[day]?.indexOf(most) ?? 0
  return `Most was used on ${days[day]}s from ${hourText(hour)} to ${hourText((hour + 1) % 24)}: ${formatCostUsd(most)} in four weeks.`
}
