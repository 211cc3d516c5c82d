import { TZDate } from '@date-fns/tz'
import { startOfDay, startOfMonth, subDays, subMonths } from 'date-fns'

interface NamedPeriod {
  readonly name: string
  readonly from: string
  /** `now` = it is not over. */
  readonly to: string
}

/** Days and months as people of a time zone speak of them. Pure. */
export function namedPeriods(now: Date, timeZone: string): NamedPeriod[] {
  const local = new TZDate(now, timeZone)
  const today = instant(startOfDay(local))
  const month = instant(startOfMonth(local))
  return [
    { name: 'Today', from: today, to: 'now' },
    { name: 'Yesterday', from: instant(startOfDay(subDays(local, 1))), to: today },
    { name: 'This month', from: month, to: 'now' },
    { name: 'Last month', from: instant(startOfMonth(subMonths(local, 1))), to: month },
  ]
}

const instant = (at: Date) => new Date(at.getTime()).toISOString()
