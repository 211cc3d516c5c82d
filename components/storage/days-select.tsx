import { Select } from '@/components/ui/select'
import { formatQuantity } from '@/lib/format'

const usualDays = [0, 7, 14, 30, 60, 90, 180, 365, 730]

const describeDays = (days: number): string => (days === 0 ? 'for ever' : formatQuantity(days, 'day'))

interface DaysSelectProps {
  label: string
  /** null = as the installation says. */
  value: number | null
  defaultDays: number
  /** null = only shown. */
  onChange: ((days: number | null) => void) | null
}

/** A number of days, the installation's own, or for ever. */
export function DaysSelect({ label, value, defaultDays, onChange }: DaysSelectProps) {
  const asDefault = `default: ${describeDays(defaultDays)}`
  if (!onChange) return <span>{value === null ? asDefault : describeDays(value)}</span>
  const choices = value === null || usualDays.includes(value) ? usualDays : [...usualDays, value].sort((a, b) => a - b)
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? null : Number(target.value))}
    >
      <option value="">{asDefault}</option>
      {choices.map((days) => (
        <option key={days} value={days}>
          {describeDays(days)}
        </option>
      ))}
    </Select>
  )
}
