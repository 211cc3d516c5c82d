'use client'

import { useState, type ReactNode } from 'react'
import { formatExact, formatQuantity } from '@/lib/format'
import { Checkbox } from './checkbox'
import { findRows } from './find-rows'
import { SearchField } from './search-field'

interface ListedChoice {
  readonly value: string
  readonly label: string
  readonly isChosen: boolean
}

interface ChoiceListProps {
  legend: string
  /** What is chosen among, in one word or two: "domain". */
  noun: string
  choices: readonly ListedChoice[]
  /** Said where there is nothing to choose. */
  none: ReactNode
  /** Each choice is a field of this name in its form, and keeps by itself whether it is ticked. */
  name?: string
  /** Without a name: what is ticked is the caller's to know. */
  onChange?: (value: string, isChosen: boolean) => void
  children?: ReactNode
}

/** More than these are not looked through but searched. */
const mostAtAGlance = 12
const mostShown = 50

/** Boxes to tick, in a box that scrolls; of many, those that were chosen come first and the others are found by name. */
export function ChoiceList({ legend, noun, choices, none, name, onChange, children }: ChoiceListProps) {
  const [wanted, setWanted] = useState('')
  const isLong = choices.length > mostAtAGlance
  // As it was at first: what is ticked stays where it is.
  const [chosenFirst] = useState(() => new Set(choices.filter(({ isChosen }) => isChosen).map(({ value }) => value)))
  const isFirst = ({ value }: ListedChoice) => chosenFirst.has(value)
  const ordered = isLong ? [...choices.filter(isFirst), ...choices.filter((choice) => !isFirst(choice))] : choices
  const fitting = findRows({ rows: ordered, textOf: ({ label }) => label, wanted })
  const shown = new Set(fitting.slice(0, mostShown))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-control font-medium">{legend}</legend>
      {choices.length === 0 && <p className="text-body text-muted">{none}</p>}
      {isLong && (
        <SearchField
          value={wanted}
          onSearch={setWanted}
          label={`Find: ${legend}`}
          placeholder={`Find among ${formatQuantity(choices.length, noun)}`}
          shortest={1}
        />
      )}
      <div className="flex max-h-60 flex-col gap-2 overflow-y-auto">
        {/* What is not shown is there all the same: its tick is sent with the form, and missed when that is closed. */}
        {ordered.map((choice) => (
          <div key={choice.value} hidden={!shown.has(choice)}>
            <Checkbox label={<span className="break-all">{choice.label}</span>} {...boxOf(choice, name, onChange)} />
          </div>
        ))}
      </div>
      {isLong && (
        <p role="status" className="text-body text-muted">
          {describeShown(shown.size, fitting.length, noun)}
        </p>
      )}
      {children}
    </fieldset>
  )
}

function boxOf({ value, isChosen }: ListedChoice, name: string | undefined, onChange: ChoiceListProps['onChange']) {
  if (name) return { name, value, defaultChecked: isChosen }
  return {
    checked: isChosen,
    onChange: ({ target }: { target: HTMLInputElement }) => onChange?.(value, target.checked),
  }
}

function describeShown(shown: number, fitting: number, noun: string): string {
  if (fitting === 0) return `No ${noun} fits.`
  if (fitting > shown) return `${formatExact(shown)} of ${formatQuantity(fitting, noun)}: find the others by name.`
  return formatQuantity(fitting, noun)
}
