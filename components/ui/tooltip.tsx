'use client'

import * as Radix from '@radix-ui/react-tooltip'
import type { ReactNode } from 'react'

const spentOnTooltips = new WeakSet<Event>()

/** This press of Escape did nothing but put a tooltip away, which nobody knew was in the way. */
export function isSpentOnTooltip(event: Event): boolean {
  return spentOnTooltips.has(event)
}

/** Explains its one child on hover and focus. The child must take a ref (a plain element or a button of ours). */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={6}
            collisionPadding={8}
            onEscapeKeyDown={(event) => spentOnTooltips.add(event)}
            className="z-50 max-w-xs rounded-control border border-line bg-panel px-2 py-1 text-table text-ink shadow-overlay"
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}
