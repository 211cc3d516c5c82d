'use client'

import { ListFilter } from 'lucide-react'
import { useState } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Input } from '@/components/ui/input'
import { Popover } from '@/components/ui/popover'
import { formatCount, formatExact } from '@/lib/format'
import { splitValues, toggleValue, type Choice } from './filter-fields'

interface FilterMenuProps {
  label: string
  choices: readonly Choice[]
  /** The values that are chosen, as they stand in the address. */
  value: string | null | undefined
  onChange: (value: string | null) => void
}

/** A menu of the values of one field; nothing where there is nothing to choose. */
export function FilterMenu(props: FilterMenuProps) {
  const { label, choices, value } = props
  if (choices.length === 0) return null
  return (
    <Popover
      label={`Filter by ${label}`}
      trigger={
        <Button size="small" aria-pressed={splitValues(value ?? undefined).length > 0}>
          <ListFilter aria-hidden />
          {label}
        </Button>
      }
    >
      <Choices {...props} />
    </Popover>
  )
}

/** More than these are not looked through but searched. */
const mostAtAGlance = 12
const mostShown = 50

function Choices({ label, choices, value, onChange }: FilterMenuProps) {
  const [wanted, setWanted] = useState('')
  const chosen = splitValues(value ?? undefined)
  const fitting = choices.filter((choice) => choice.label.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <div className="flex min-w-52 flex-col gap-2">
      {choices.length > mostAtAGlance && (
        <Input
          type="search"
          aria-label={`Find: ${label}`}
          placeholder={`Find among ${formatExact(choices.length)}`}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      <div className="flex max-h-80 flex-col gap-1 overflow-y-auto">
        {fitting.slice(0, mostShown).map((choice) => (
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
        {fitting.length === 0 && <p className="text-muted">Nothing is called so.</p>}
        {fitting.length > mostShown && (
          <p className="text-muted">and {formatExact(fitting.length - mostShown)} more: find them by name</p>
        )}
      </div>
    </div>
  )
}
