import type { ReactNode } from 'react'
import { CodeBlock } from './code-block'

interface EmptyStateProps {
  title: ReactNode
  /** Why there is nothing here. */
  reason: ReactNode
  /** The one thing to do about it: a Button or a Link with buttonClass. */
  action?: ReactNode
  /** Something to paste. */
  snippet?: { label: string; code: string }
}

/** Nothing here: why, one action, and what to paste. */
export function EmptyState({ title, reason, action, snippet }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-xl flex-col items-center gap-3 px-4 py-12 text-center">
      <h2 className="text-section font-semibold">{title}</h2>
      <p className="text-body text-secondary">{reason}</p>
      {action}
      {snippet && <CodeBlock label={snippet.label} code={snippet.code} className="mt-2 w-full text-left" />}
    </div>
  )
}
