'use client'

import { TriangleAlert } from 'lucide-react'
import { Button } from './button'

interface ErrorStateProps {
  title?: string
  message: string
  /** To find the failure in the server's log; null where the server did not fail. */
  requestId: string | null | undefined
  onRetry?: () => void
}

/** Something failed: what, where to look it up, and a way to try again. Keep old data visible beside it. */
export function ErrorState({ title = 'This could not be loaded', message, requestId, onRetry }: ErrorStateProps) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-card border border-danger bg-danger-fill px-4 py-3 text-body"
    >
      <TriangleAlert className="size-5 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-semibold text-danger">{title}</p>
        <p>{message}</p>
        {requestId && <p className="font-mono text-meta text-secondary">Request {requestId}</p>}
      </div>
      {onRetry && <Button onClick={onRetry}>Retry</Button>}
    </div>
  )
}
