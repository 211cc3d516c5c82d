'use client'

import { ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

interface CollapsibleProps {
  summary: ReactNode
  children: ReactNode
  isOpenAtFirst?: boolean
  className?: string
}

/** A section that is drawn only while it is open: closed, it costs nothing however large it is. */
export function Collapsible({ summary, children, isOpenAtFirst = false, className }: CollapsibleProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  return (
    <div className={className}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="target flex w-full min-w-0 items-center gap-1.5 rounded-control text-left text-body text-secondary hover:text-ink"
      >
        <ChevronRight
          className={cn('size-4 shrink-0 transition-transform motion-reduce:transition-none', isOpen && 'rotate-90')}
          aria-hidden
        />
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">{summary}</span>
      </button>
      {isOpen && <div className="mt-2">{children}</div>}
    </div>
  )
}
