'use client'

import { formatExact, formatQuantity } from '@/lib/format'
import { SearchField } from './search-field'

interface FindBarProps {
  /** What is looked for, in one word or two: "domain". */
  noun: string
  wanted: string
  onFind: (text: string) => void
  found: number
  all: number
}

/** Over a list: the field to find a row of it, and how many were found. */
export function FindBar({ noun, wanted, onFind, found, all }: FindBarProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-3">
      <SearchField
        value={wanted}
        onSearch={onFind}
        label={`Find ${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`}
        placeholder={`Find among ${formatQuantity(all, noun)}`}
        shortest={1}
        className="w-full sm:w-72"
      />
      <span role="status" className="text-body text-muted">
        {wanted !== '' && `${formatExact(found)} of ${formatQuantity(all, noun)}`}
      </span>
    </div>
  )
}
