import { formatBytes } from '@/lib/format'
import { describeGrowth, forecastGrowth, savingOf } from './prepare-storage'
import type { StorageAnswer } from './storage-view'

/** The four figures one comes for. */
export function StorageFigures({ storage }: { storage: StorageAnswer }) {
  const { days, databaseBytes, diskFreeBytes, isDatabaseOnThisDisk } = storage
  const last = days.at(-1)
  const growth = describeGrowth(forecastGrowth(days, isDatabaseOnThisDisk ? diskFreeBytes : null))
  const saving = last && savingOf(last)
  const free = diskFreeBytes === null ? 'unknown' : formatBytes(diskFreeBytes)
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <Figure
        label="Content stored"
        value={last ? formatBytes(last.storedBytes) : '–'}
        note={saving ? `${saving} less than passed through` : 'Nothing measured yet'}
      />
      <Figure label="Database" value={formatBytes(databaseBytes)} note={describeParts(storage)} />
      <Figure label="Growth a day" value={growth.value} note={growth.note} />
      <Figure
        label="Room on the disk"
        value={free}
        note={isDatabaseOnThisDisk ? 'For the database and the journal' : 'For the journal; the database is elsewhere'}
      />
    </dl>
  )
}

function describeParts({ databaseBytes, blockTableBytes, weeks }: StorageAnswer): string {
  const ofWeeks = weeks.reduce(
    (total, { rowBytes, bodyBytes, linkBytes }) => total + rowBytes + bodyBytes + linkBytes,
    0,
  )
  const others = Math.max(0, databaseBytes - blockTableBytes - ofWeeks)
  return `Blocks ${formatBytes(blockTableBytes)}, weeks ${formatBytes(ofWeeks)}, others ${formatBytes(others)}`
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className="min-w-0 rounded-card border border-line bg-panel p-3">
      <dt className="text-table font-medium text-secondary">{label}</dt>
      <dd>
        <p className="text-page font-semibold numeric sm:text-kpi">{value}</p>
        <p className="text-table text-muted">{note}</p>
      </dd>
    </div>
  )
}
