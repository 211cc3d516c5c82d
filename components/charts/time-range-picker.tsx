'use client'

import { CalendarRange } from 'lucide-react'
import { parseAsString, useQueryStates } from 'nuqs'
import { useState, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Popover } from '@/components/ui/popover'
import { formatTime } from '@/lib/format'
import { defaultRange, presetRanges, readInstant, readTimeZone } from '@/lib/time-range'
import { namedPeriods } from './named-periods'
import { TimeZoneSelect } from './time-zone-select'

const names: Record<(typeof presetRanges)[number], string> = {
  '-15m': '15 m',
  '-1h': '1 h',
  '-6h': '6 h',
  '-24h': '24 h',
  '-7d': '7 d',
  '-30d': '30 d',
}

/** The period of a page, kept in its address: relative ones stay relative, absolute ones stay what they are. */
export function useTimeRange({ isServerRead }: { isServerRead: boolean }) {
  const [range, setRange] = useQueryStates(
    {
      from: parseAsString.withDefault(defaultRange),
      to: parseAsString.withDefault('now'),
      tz: parseAsString.withDefault('UTC'),
    },
    { history: 'push', shallow: !isServerRead },
  )
  return { ...range, setRange }
}

export function TimeRangePicker({ isServerRead = false }: { isServerRead?: boolean }) {
  const { from, to, tz, setRange } = useTimeRange({ isServerRead })
  const [isOpen, setOpen] = useState(false)
  const isPreset = (presetRanges as readonly string[]).includes(from) && to === 'now'
  function choose(range: { from: string; to: string }) {
    setOpen(false)
    void setRange(range)
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <div role="group" aria-label="Time range" className="flex rounded-control border border-control">
        {presetRanges.map((preset) => {
          const isChosen = isPreset && preset === from
          return (
            <button
              key={preset}
              type="button"
              aria-pressed={isChosen}
              onClick={() => void setRange({ from: preset === defaultRange ? null : preset, to: null })}
              className={cn(
                'min-h-7.5 px-2 text-table font-medium whitespace-nowrap first:rounded-l-[3px] last:rounded-r-[3px] max-sm:px-1.75 pointer-coarse:min-h-9.5',
                isChosen ? 'bg-selection text-accent' : 'text-secondary hover:bg-subtle',
              )}
            >
              {names[preset]}
            </button>
          )
        })}
      </div>
      <Popover
        label="Custom time range"
        align="end"
        {...{ isOpen, onOpenChange: setOpen }}
        trigger={
          <Button size="small" aria-pressed={!isPreset}>
            <CalendarRange aria-hidden />
            {isPreset ? <span className="max-sm:sr-only">Custom</span> : `${shown(from, tz)} – ${shown(to, tz)}`}
          </Button>
        }
      >
        <NamedPeriods timeZone={readTimeZone(tz)} onChoose={choose} />
        <CustomRange from={from} to={to} onChoose={choose} />
      </Popover>
      <TimeZoneSelect tz={tz} onChange={(zone) => void setRange({ tz: zone === 'UTC' ? null : zone })} />
    </div>
  )
}

function shown(instant: string, tz: string): string {
  if (instant === 'now' || instant.startsWith('-')) return instant
  const at = readInstant(instant, new Date(0))
  return at ? formatTime(at, readTimeZone(tz), 'short') : instant
}

interface ChoiceProps {
  onChoose: (range: { from: string; to: string }) => void
}

/** What people ask for by its name. */
function NamedPeriods({ timeZone, onChoose }: ChoiceProps & { timeZone: string }) {
  return (
    <div className="mb-3 grid grid-cols-2 gap-2 border-b border-line pb-3">
      {namedPeriods(new Date(), timeZone).map(({ name, ...range }) => (
        <Button key={name} size="small" onClick={() => onChoose(range)}>
          {name}
        </Button>
      ))}
    </div>
  )
}

function CustomRange({ from, to, onChoose }: ChoiceProps & { from: string; to: string }) {
  const [problem, setProblem] = useState<string | null>(null)
  function choose(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const range = { from: String(form.get('from')).trim(), to: String(form.get('to')).trim() || 'now' }
    const now = new Date()
    const [start, end] = [readInstant(range.from, now), readInstant(range.to, now)]
    if (!start || !end) return setProblem('Write a time such as -3d or 2026-11-22T14:00Z.')
    if (start >= end) return setProblem('The range ends before it begins.')
    setProblem(null)
    onChoose(range)
  }
  return (
    <form onSubmit={choose} className="flex w-64 flex-col gap-3">
      <Field label="From" hint="-3d, or 2026-11-22T14:00Z" error={problem ?? undefined}>
        <Input name="from" defaultValue={from} />
      </Field>
      <Field label="To">
        <Input name="to" defaultValue={to} />
      </Field>
      <Button type="submit" variant="primary">
        Show
      </Button>
    </form>
  )
}
