'use client'

import { ChevronDown, ChevronUp } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { formatExact } from '@/lib/format'
import { cutText, findMatches, type DrawnLine, type Match } from './cut-text'
import { useVisibleRows } from '@/components/live-list/use-visible-rows'

const lineHeight = 18

/** A long text with search; only the lines near the window are in the page, so the browser's own search cannot do it. */
export function RawText({ text, actions }: { text: string; actions?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const cut = useMemo(() => cutText(text), [text])
  const [wanted, setWanted] = useState('')
  const [current, setCurrent] = useState(0)
  const matches = useMemo(() => findMatches(text, wanted, cut), [text, wanted, cut])
  const { first, end } = useVisibleRows(list, { count: cut.lines.length, rowHeight: lineHeight })

  const scrollTo = (match: Match | undefined) => {
    if (match) box.current?.scrollTo({ top: Math.max(0, (match.line - 5) * lineHeight) })
  }
  function goTo(index: number) {
    if (matches.length === 0) return
    const next = (index + matches.length) % matches.length
    setCurrent(next)
    scrollTo(matches[next])
  }
  function search(next: string) {
    setWanted(next)
    setCurrent(0)
    scrollTo(findMatches(text, next, cut)[0])
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') goTo(current + (event.shiftKey ? -1 : 1))
  }
  return (
    <div className="rounded-card border border-line">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2">
        <Input
          type="search"
          aria-label="Search in this text"
          placeholder="Search; Enter goes to the next"
          value={wanted}
          onKeyDown={onKeyDown}
          onChange={(event) => search(event.target.value)}
          className="min-h-8 w-64 py-0.5 text-table"
        />
        <IconButton label="Match before" onClick={() => goTo(current - 1)} disabled={matches.length === 0}>
          <ChevronUp aria-hidden />
        </IconButton>
        <IconButton label="Next match" onClick={() => goTo(current + 1)} disabled={matches.length === 0}>
          <ChevronDown aria-hidden />
        </IconButton>
        <span role="status" className="text-table text-muted numeric">
          {wanted &&
            (matches.length === 0 ? 'no match' : `${formatExact(current + 1)} of ${formatExact(matches.length)}`)}
        </span>
        <span className="ml-auto">{actions}</span>
      </div>
      <div
        ref={box}
        tabIndex={0}
        role="region"
        aria-label="Raw text"
        className="max-h-[65vh] overflow-auto font-mono text-table -outline-offset-2"
      >
        <div ref={list} className="relative min-w-max" style={{ height: cut.lines.length * lineHeight }}>
          {cut.lines.slice(first, end).map((line, index) => (
            <Line
              key={first + index}
              top={(first + index) * lineHeight}
              line={line}
              matches={matchesOn(matches, first + index)}
              isCurrent={matches[current]?.line === first + index}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function matchesOn(matches: readonly Match[], line: number): readonly Match[] {
  return matches.filter((match) => match.line === line)
}

interface LineProps {
  line: DrawnLine
  top: number
  matches: readonly Match[]
  isCurrent: boolean
}

function Line({ line, top, matches, isCurrent }: LineProps) {
  return (
    <div
      className="absolute left-0 flex whitespace-pre"
      style={{ transform: `translateY(${top}px)`, height: lineHeight, lineHeight: `${lineHeight}px` }}
    >
      <span className="w-14 shrink-0 pr-3 text-right text-muted select-none" aria-hidden>
        {line.number}
      </span>
      <span className={isCurrent ? 'bg-selection' : undefined}>{marked(line.text, matches)}</span>
    </div>
  )
}

function marked(text: string, matches: readonly Match[]): ReactNode {
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, length } of matches) {
    parts.push(cleanText(text.slice(at, from)), <mark key={from}>{cleanText(text.slice(from, from + length))}</mark>)
    at = from + length
  }
  return [...parts, cleanText(text.slice(at))]
}
