'use client'

import { TriangleAlert } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { LiveDot } from '@/components/ui/live-dot'
import { useHealth } from './use-health'

/** The dot in the top bar. */
export function HealthDot() {
  const { state, label } = useHealth()
  return (
    <span className="px-1">
      <LiveDot state={state} label={label} />
    </span>
  )
}

/** A strip above the page while figures may be late or missing. */
export function HealthBanner() {
  const { state, warning } = useHealth()
  return (
    <div role="status">
      {warning && (
        <p
          className={cn(
            'flex items-center gap-2 border-b border-line px-4 py-2 text-body',
            state === 'danger' ? 'bg-danger-fill text-danger' : 'bg-warn-fill text-warn',
          )}
        >
          <TriangleAlert className="size-4 shrink-0" aria-hidden />
          {warning}
        </p>
      )}
    </div>
  )
}
