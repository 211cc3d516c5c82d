'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { isRecord } from '@/lib/claude/json'
import { formatExact } from '@/lib/format'
import { cleanText } from './clean-text'
import { Collapsible } from './collapsible'

const entriesAtOnce = 100
const shownChars = 2_000

/** Any JSON value as a tree whose branches are drawn when they are opened. */
export function JsonView({ value, openLevels = 2 }: { value: unknown; openLevels?: number }) {
  return (
    <div className="overflow-x-auto font-mono text-table break-words">
      <JsonNode value={value} openLevels={openLevels} />
    </div>
  )
}

function JsonNode({ value, openLevels, name }: { value: unknown; openLevels: number; name?: string }) {
  const label = name === undefined ? null : <span className="text-secondary">{cleanText(name)}: </span>
  if (!Array.isArray(value) && !isRecord(value)) {
    return (
      <div className="pl-5.5">
        {label}
        <JsonLeaf value={value} />
      </div>
    )
  }
  const entries = Object.entries(value)
  const size = Array.isArray(value) ? `[${formatExact(entries.length)}]` : `{${formatExact(entries.length)}}`
  return (
    <Collapsible
      isOpenAtFirst={openLevels > 0}
      summary={
        <span className="font-mono text-table">
          {label}
          <span className="text-muted">{size}</span>
        </span>
      }
    >
      <JsonEntries entries={entries} openLevels={openLevels - 1} />
    </Collapsible>
  )
}

function JsonEntries({ entries, openLevels }: { entries: [string, unknown][]; openLevels: number }) {
  const [shown, setShown] = useState(entriesAtOnce)
  return (
    <div className="ml-2 border-l border-line pl-2">
      {entries.slice(0, shown).map(([name, value]) => (
        <JsonNode key={name} name={name} value={value} openLevels={openLevels} />
      ))}
      {entries.length > shown && (
        <Button size="small" variant="ghost" onClick={() => setShown(shown + entriesAtOnce)}>
          Show {formatExact(Math.min(entriesAtOnce, entries.length - shown))} more of {formatExact(entries.length)}
        </Button>
      )}
    </div>
  )
}

function JsonLeaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false)
  if (typeof value !== 'string') return <span className="text-accent">{String(value)}</span>
  const isLong = value.length > shownChars
  return (
    <span className="whitespace-pre-wrap">
      &quot;{cleanText(isLong && !isWhole ? value.slice(0, shownChars) : value)}&quot;
      {isLong && (
        <Button size="small" variant="ghost" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : `Show all ${formatExact(value.length)} characters`}
        </Button>
      )}
    </span>
  )
}
