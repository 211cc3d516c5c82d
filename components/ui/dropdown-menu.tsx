'use client'

import * as Radix from '@radix-ui/react-dropdown-menu'
import { Check } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

const itemClass =
  'flex min-h-8 items-center gap-2 rounded-control px-2 text-control outline-none select-none data-highlighted:bg-subtle data-disabled:opacity-50 pointer-coarse:min-h-11 [&_svg]:size-4'

interface DropdownMenuProps {
  /** One focusable element, e.g. a Button. */
  trigger: ReactNode
  align?: 'start' | 'center' | 'end'
  children: ReactNode
}

/** A menu of actions. Children: MenuItem, MenuRadioGroup, MenuSeparator, MenuLabel. */
export function DropdownMenu({ trigger, align = 'end', children }: DropdownMenuProps) {
  return (
    // Not modal: a modal menu hides the page from assistive technology while its links still take the focus.
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-48 animate-overlay-in rounded-card border border-line bg-panel p-1 shadow-overlay"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** One action; `tone="danger"` for what destroys. For a link: `<MenuItem asChild><Link …/></MenuItem>`. */
export function MenuItem({ tone, className, ...rest }: ComponentProps<typeof Radix.Item> & { tone?: 'danger' }) {
  return <Radix.Item className={cn(itemClass, tone === 'danger' && 'text-danger', className)} {...rest} />
}

interface MenuRadioGroupProps<Value extends string> {
  value: Value
  onChange: (value: Value) => void
  options: readonly { value: Value; label: ReactNode }[]
}

/** One of several, with a tick at the chosen one. */
export function MenuRadioGroup<Value extends string>({ value, onChange, options }: MenuRadioGroupProps<Value>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={itemClass}>
          <span className="w-4">
            <Radix.ItemIndicator>
              <Check aria-hidden />
            </Radix.ItemIndicator>
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-table text-muted">{children}</Radix.Label>
}
