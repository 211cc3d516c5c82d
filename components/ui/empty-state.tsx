import type { ReactNode } from 'react'
import { CodeBlock } from './code-block'

interface EmptyStateProps {
  title: ReactNode
  /** `h1` where this is all there is on the page. */
  heading?: 'h1' | 'h2'
  /** Why there is nothing here. */
  reason: ReactNode
  /** The one thing to do about it: a Button or a Link with buttonClass. */
  action?: ReactNode
  /** Something to paste. */
  snippet?: { label: string; code: string }
}

/** Nothing here: why, one action, and what to paste. */
export function EmptyState({ title, heading: Heading = 'h2', reason, action, snippet }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-xl flex-col items-center gap-3 px-4 py-12 text-center">
      <Heading className="text-section font-semibold">{title}</Heading>
      <p className="text-body text-secondary">{reason}</p>
      {action}
      {snippet && <CodeBlock label={snippet.label} code={snippet.code} className="mt-2 w-full text-left" />}
    </div>
  )
}
