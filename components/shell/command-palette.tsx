'use client'

import * as Radix from '@radix-ui/react-dialog'
import { Command } from 'cmdk'
import { FileSearch, Keyboard, Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { useFocusReturn } from '@/components/ui/use-focus-return'
import { navItemsOf } from './nav'

interface CommandPaletteProps {
  role: string
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  onCheatSheet: () => void
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** ⌘K: go to a page, open a request by its id, search the requests. */
export function CommandPalette({ role, isOpen, onOpenChange, onCheatSheet }: CommandPaletteProps) {
  const focusReturn = useFocusReturn()
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...focusReturn}
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-card border border-line bg-panel shadow-overlay"
        >
          <Radix.Title className="sr-only">Search and go</Radix.Title>
          <Palette role={role} close={() => onOpenChange(false)} onCheatSheet={onCheatSheet} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface PaletteProps {
  role: string
  close: () => void
  onCheatSheet: () => void
}

function Palette({ role, close, onCheatSheet }: PaletteProps) {
  const router = useRouter()
  const [text, setText] = useState('')
  const asked = text.trim()
  function go(href: string) {
    close()
    router.push(href)
  }
  return (
    <Command label="Search and go" loop>
      <div className="flex items-center gap-2 border-b border-line px-4">
        <Search className="size-4 shrink-0 text-muted" aria-hidden />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Go to a page, or paste a request id"
          className="h-12 w-full bg-transparent text-control outline-none placeholder:text-muted"
        />
      </div>
      <Command.List className="max-h-[50vh] overflow-y-auto p-1">
        <Command.Empty className="px-3 py-6 text-center text-body text-muted">Nothing found.</Command.Empty>
        {idPattern.test(asked) && (
          <Item
            value={`open ${asked}`}
            onSelect={() => go(`/requests/${asked.toLowerCase()}`)}
            icon={<FileSearch aria-hidden />}
          >
            Open request <span className="truncate font-mono text-table">{asked}</span>
          </Item>
        )}
        {navItemsOf(role).map((item) => (
          <Item
            key={item.href}
            value={`${item.label} ${item.keywords ?? ''}`}
            onSelect={() => go(item.href)}
            icon={<item.Icon aria-hidden />}
          >
            {item.label}
          </Item>
        ))}
        <Item value="keyboard shortcuts help" onSelect={onCheatSheet} icon={<Keyboard aria-hidden />}>
          Keyboard shortcuts
        </Item>
        {asked !== '' && !idPattern.test(asked) && (
          <Item
            value={`search ${asked}`}
            onSelect={() => go(`/requests?q=${encodeURIComponent(asked)}`)}
            icon={<Search aria-hidden />}
          >
            Search the requests for “{asked}”
          </Item>
        )}
      </Command.List>
    </Command>
  )
}

function Item({
  value,
  onSelect,
  icon,
  children,
}: {
  value: string
  onSelect: () => void
  icon: ReactNode
  children: ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 items-center gap-3 rounded-control px-3 text-control data-[selected=true]:bg-selection pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
    >
      {icon}
      {children}
    </Command.Item>
  )
}
