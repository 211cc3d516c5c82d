'use client'

import { useSyncExternalStore } from 'react'
import { Select } from '@/components/ui/select'

const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const noChange = () => () => undefined

/** UTC, the reader's own zone, and the one that is chosen. */
export function TimeZoneSelect({ tz, onChange }: { tz: string; onChange: (zone: string) => void }) {
  const local = useSyncExternalStore(noChange, localZone, () => 'UTC')
  const zones = [...new Set(['UTC', local, tz])]
  return (
    <Select
      aria-label="Time zone"
      value={tz}
      onChange={(event) => onChange(event.target.value)}
      className="w-auto max-w-40 [&_select]:min-h-8 pointer-coarse:[&_select]:min-h-10 [&_select]:py-0.5 [&_select]:text-table"
    >
      {zones.map((zone) => (
        <option key={zone} value={zone}>
          {zone}
        </option>
      ))}
    </Select>
  )
}
