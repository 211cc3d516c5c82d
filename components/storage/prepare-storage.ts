import type { BarSeries, TimeBar } from '@/components/charts/time-bars'
import { formatBytes, formatTime } from '@/lib/format'
import type { Sent } from '@/lib/sent'
import type { StorageDay, StorageReport } from '@/lib/retention/query-storage'

export type StorageJson = Sent<StorageReport>

/** Each has a scale of its own: what passed through is many times what is stored of it. */
export const diskSeries: readonly BarSeries[] = [
  { key: 'stored', name: 'Content', color: 'var(--chart-1)' },
  { key: 'rest', name: 'Rows, links, indexes', color: 'var(--chart-2)' },
]
export const trafficSeries: readonly BarSeries[] = [
  { key: 'logical', name: 'Sent and received', color: 'var(--chart-4)' },
]

const dayMs = 86_400_000

/** A bar a day: what the disk holds, and what passed through for it. */
export function prepareStorageBars(days: readonly StorageDay[], today: string): TimeBar[] {
  return days.map(({ day, logicalBytes, storedBytes, databaseBytes }) => {
    const start = new Date(`${day}T00:00:00Z`)
    return {
      start: start.toISOString(),
      end: new Date(start.getTime() + dayMs).toISOString(),
      label: formatTime(start, 'UTC', 'day').replace(/ \d{4}$/, ''),
      fullLabel: formatTime(start, 'UTC', 'day'),
      isIncomplete: day === today,
      isMissing: false,
      values: {
        stored: storedBytes,
        ...(databaseBytes !== null && { rest: Math.max(0, databaseBytes - storedBytes) }),
        logical: logicalBytes,
      },
    }
  })
}

interface Growth {
  /** Of the whole database; negative while retention takes more than comes. */
  readonly bytesPerDay: number
  readonly overDays: number
  /** Until the disk is full at this pace; null = it does not grow, or the disk is not known. */
  readonly daysLeft: number | null
}

const forecastDays = 28
const leastDays = 3

/** The pace of the last four weeks, carried on. null = too few days are measured to tell. Pure. */
export function forecastGrowth(days: readonly StorageDay[], diskFreeBytes: number | null): Growth | null {
  const recent = days
    .slice(-forecastDays)
    .flatMap(({ day, databaseBytes: bytes }) => (bytes === null ? [] : { day, bytes }))
  const [first, last] = [recent.at(0), recent.at(-1)]
  if (!first || !last) return null
  const overDays = Math.round((Date.parse(last.day) - Date.parse(first.day)) / dayMs)
  if (overDays < leastDays) return null
  const bytesPerDay = (last.bytes - first.bytes) / overDays
  const daysLeft = diskFreeBytes !== null && bytesPerDay > 0 ? Math.floor(diskFreeBytes / bytesPerDay) : null
  return { bytesPerDay, overDays, daysLeft }
}

/** How many times smaller the stored bytes are; null = nothing is stored. */
export function savingOf({
  logicalBytes,
  storedBytes,
}: Pick<StorageDay, 'logicalBytes' | 'storedBytes'>): string | null {
  if (storedBytes <= 0 || logicalBytes <= 0) return null
  const times = logicalBytes / storedBytes
  return `${times < 10 ? times.toFixed(1) : Math.round(times)}×`
}

/** Both charts in a sentence each. */
export function summariseStorage(days: readonly StorageDay[]): { disk: string; traffic: string } {
  const last = days.at(-1)
  const notYet = 'Not measured yet: the first measurement is made in the first hour.'
  if (!last) return { disk: notYet, traffic: notYet }
  const { storedBytes, databaseBytes, logicalBytes } = last
  const content = `${formatBytes(storedBytes)} of content`
  const saving = savingOf(last)
  return {
    disk: databaseBytes === null ? `${content}.` : `${content} in a database of ${formatBytes(databaseBytes)}.`,
    traffic: `${formatBytes(logicalBytes)} passed through for the content that is kept${saving ? `: ${saving} more` : ''}.`,
  }
}

export function describeGrowth(growth: Growth | null): { value: string; note: string } {
  if (!growth) return { value: '–', note: 'Known after three days of measuring' }
  const { bytesPerDay, overDays, daysLeft } = growth
  const value = `${bytesPerDay < 0 ? '−' : '+'}${formatBytes(Math.abs(bytesPerDay))}`
  const pace = `Pace of the last ${overDays} days`
  return { value, note: daysLeft === null ? pace : `${pace}; room for ${describeDays(daysLeft)}` }
}

function describeDays(days: number): string {
  if (days > 3_650) return 'more than ten years'
  return days === 1 ? '1 day' : `${days} days`
}
