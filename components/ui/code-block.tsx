'use client'

import { useRef } from 'react'
import { cn } from './cn'
import { CopyButton } from './copy-button'

interface CodeBlockProps {
  code: string
  /** What it is: "Terminal", "settings.json". */
  label?: string
  /** Long lines wrap instead of scrolling. */
  isWrapped?: boolean
  className?: string
}

/** Text to run or paste, with a copy button. */
export function CodeBlock({ code, label, isWrapped = false, className }: CodeBlockProps) {
  const shownIn = useRef<HTMLElement>(null)
  return (
    <figure className={cn('overflow-hidden rounded-card border border-line bg-subtle', className)}>
      <figcaption className="flex min-h-9 items-center justify-between gap-2 border-b border-line py-1 pr-1 pl-3 text-table text-muted">
        <span>{label}</span>
        <CopyButton text={code} shownIn={shownIn} />
      </figcaption>
      <pre
        tabIndex={0}
        className={cn(
          'overflow-x-auto p-3 font-mono text-table -outline-offset-2',
          isWrapped && 'break-all whitespace-pre-wrap',
        )}
      >
        <code ref={shownIn}>{code}</code>
      </pre>
    </figure>
  )
}
