'use client'

import { ListFilter } from 'lucide-react'
import { cleanText } from '@/components/message/clean-text'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Popover } from '@/components/ui/popover'
import { formatCount } from '@/lib/format'
import { splitValues, toggleValue, type Choice } from './filter-fields'

interface FilterMenuProps {
  label: string
  choices: readonly Choice[]
  /** The values that are chosen, as they stand in the address. */
  value: string | null | undefined
  onChange: (value: string | null) => void
}

const mostChoices = 50

/** A menu of the values of one field; nothing where there is nothing to choose. */
export function FilterMenu({ label, choices, value, onChange }: FilterMenuProps) {
  const chosen = splitValues(value ?? undefined)
  if (choices.length === 0) return null
  return (
    <Popover
      label={`Filter by ${label}`}
      trigger={
        <Button size="small" aria-pressed={chosen.length > 0}>
          <ListFilter aria-hidden />
          {label}
        </Button>
      }
    >
      <div className="flex max-h-80 min-w-52 flex-col gap-1 overflow-y-auto">
        {choices.slice(0, mostChoices).map((choice) => (
          <div key={choice.value} className="flex items-center justify-between gap-3">
            <Checkbox
              label={cleanText(choice.label)}
              checked={chosen.includes(choice.value)}
              onChange={() => onChange(toggleValue(value ?? undefined, choice.value))}
            />
            {choice.requests !== null && (
              <span className="text-table text-muted numeric">{formatCount(choice.requests)}</span>
            )}
          </div>
        ))}
      </div>
    </Popover>
  )
}
