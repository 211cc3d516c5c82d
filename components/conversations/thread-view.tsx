'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { BlockView } from '@/components/message/block-view'
import { cleanText } from '@/components/message/clean-text'
import type { PreparedConversation } from '@/components/message/prepared-message'
import { usePageKeys } from '@/components/requests/use-page-keys'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { formatExact } from '@/lib/format'
import { findItems, listThreadItems, type ThreadItem, type ThreadShown } from './thread-items'

const roleNames = new Map([
  ['user', 'User'],
  ['assistant', 'Assistant'],
  ['system', 'System'],
])
const roleLooks = new Map([
  ['user', 'border-l-chart-1'],
  ['assistant', 'border-l-chart-4'],
])

interface ThreadViewProps {
  prepared: PreparedConversation
  /** `end`: at the newest turn, and new ones are followed. */
  opensAt?: 'start' | 'end'
}

/** A transcript of any length: only what is near the window is drawn, but the search sees all of it. */
export function ThreadView({ prepared, opensAt = 'end' }: ThreadViewProps) {
  const [shown, setShown] = useState<ThreadShown>('all')
  const [wanted, setWanted] = useState('')
  const [place, setPlace] = useState(0)
  const items = useMemo(() => listThreadItems(prepared, shown), [prepared, shown])
  const hits = useMemo(() => findItems(items, wanted), [items, wanted])
  const { box, virtualizer } = useThreadRows(items, opensAt === 'end')
  const hit = hits[Math.min(place, hits.length - 1)]
  const finder = useRef<HTMLInputElement>(null)
  usePageKeys({ f: () => finder.current?.focus() })

  function search(text: string) {
    setWanted(text)
    setPlace(0)
    const first = findItems(items, text)[0]
    if (first !== undefined) virtualizer.scrollToIndex(first, { align: 'center' })
  }
  function step(by: number) {
    if (hits.length === 0) return
    const next = (place + by + hits.length) % hits.length
    setPlace(next)
    virtualizer.scrollToIndex(hits[next] ?? 0, { align: 'center' })
  }

  return (
    <section aria-label="Thread" className="flex min-h-0 min-w-0 flex-col">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Input
          ref={finder}
          type="search"
          className="w-56"
          aria-label="Find in this thread"
          placeholder="Find in this thread"
          value={wanted}
          onChange={(event) => search(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && step(event.shiftKey ? -1 : 1)}
        />
        <span role="status" className="text-table text-muted numeric">
          {wanted.trim() !== '' &&
            (hits.length === 0
              ? 'not found'
              : `${Math.min(place, hits.length - 1) + 1} of ${formatExact(hits.length)}`)}
        </span>
        <IconButton label="Previous hit" disabled={hits.length === 0} onClick={() => step(-1)}>
          <ChevronUp aria-hidden />
        </IconButton>
        <IconButton label="Next hit" disabled={hits.length === 0} onClick={() => step(1)}>
          <ChevronDown aria-hidden />
        </IconButton>
        <Select
          className="ml-auto w-36"
          aria-label="What to show"
          value={shown}
          onChange={(event) => setShown(event.target.value as ThreadShown)}
        >
          <option value="all">Everything</option>
          <option value="words">Only words</option>
          <option value="errors">Only failed calls</option>
        </Select>
        <Button size="small" onClick={() => virtualizer.scrollToIndex(items.length - 1, { align: 'end' })}>
          <ArrowDown aria-hidden /> Latest
        </Button>
      </div>
      <div
        ref={box}
        tabIndex={0}
        role="region"
        aria-label="Transcript"
        className="h-[72vh] overflow-y-auto rounded-card border border-line bg-panel [overflow-anchor:none]"
      >
        {items.length === 0 && (
          <EmptyState title="Nothing to show" reason="No block of this thread is of the chosen kind." />
        )}
        <div className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((row) => {
            const item = items[row.index]
            return (
              item && (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={row.index}
                  className="absolute inset-x-0 top-0 px-4"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <ThreadRow item={item} isHit={row.index === hit} />
                </div>
              )
            )
          })}
        </div>
      </div>
    </section>
  )
}

function useThreadRows(items: readonly ThreadItem[], opensAtEnd: boolean) {
  const box = useRef<HTMLDivElement>(null)
  const count = items.length
  // eslint-disable-next-line react-hooks/incompatible-library -- it keeps its own state: the compiler must not memoise
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => 88,
    overscan: 6,
    getItemKey: (index) => items[index]?.key ?? index,
  })
  const wasAtEnd = useRef(opensAtEnd)
  const latest = useRef(virtualizer)
  useEffect(() => {
    latest.current = virtualizer
  })
  useEffect(() => {
    const element = box.current
    const note = () => {
      if (element) wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 120
    }
    element?.addEventListener('scroll', note, { passive: true })
    return () => element?.removeEventListener('scroll', note)
  }, [])
  useEffect(() => {
    // Opens at the newest turn, and follows new ones only while the reader is there.
    if (wasAtEnd.current && count > 0) latest.current.scrollToIndex(count - 1, { align: 'end' })
  }, [count])
  return { box, virtualizer }
}

function ThreadRow({ item, isHit }: { item: ThreadItem; isHit: boolean }) {
  return (
    <div
      className={cn(
        'border-l-2 py-2 pl-4',
        roleLooks.get(item.role) ?? 'border-l-chart-other',
        isHit && 'bg-selection outline-2 outline-accent',
      )}
      aria-current={isHit ? 'true' : undefined}
    >
      {item.startsMessage && (
        <p className="mb-1 text-table font-semibold text-secondary">
          {item.isAnswer ? 'Answer' : (roleNames.get(item.role) ?? cleanText(item.role))}
        </p>
      )}
      <BlockView block={item.block} />
    </div>
  )
}
