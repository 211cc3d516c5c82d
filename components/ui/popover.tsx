'use client'

import * as Radix from '@radix-ui/react-popover'
import type { ReactNode } from 'react'

interface PopoverProps {
  /** One focusable element, e.g. a Button. */
  trigger: ReactNode
  /** Name of the panel for screen readers. */
  label: string
  align?: 'start' | 'center' | 'end'
  /** For one that its content closes. */
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  children: ReactNode
}

/** A small panel beside its trigger: "how computed", filters, pickers. */
export function Popover({ trigger, label, align = 'start', isOpen, onOpenChange, children }: PopoverProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-50 max-w-[min(28rem,calc(100vw-1rem))] animate-overlay-in rounded-card border border-line bg-panel p-3 text-body shadow-overlay"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
