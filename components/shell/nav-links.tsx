'use client'

import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'
import { DropdownMenu, MenuItem } from '@/components/ui/dropdown-menu'
import { isCurrent, navItemsOf } from './nav'

/**
 * No page of these can be prepared ahead: all of them show what is in the database now.
 * 232 px with words, 56 px with icons below 1280 px; hidden on phones, where BottomBar takes over.
 */
export function SideNav({ role }: { role: string }) {
  const path = usePathname()
  return (
    <nav aria-label="Main" className="flex flex-col gap-0.5 p-2">
      {navItemsOf(role).map((item) => {
        const isHere = isCurrent(item, path)
        return (
          <Link
            key={item.href}
            href={item.href}
            prefetch={false}
            title={item.label}
            aria-current={isHere ? 'page' : undefined}
            className={cn(
              'flex h-9 items-center gap-3 rounded-control px-3 text-control text-secondary transition-colors hover:bg-subtle hover:text-ink max-xl:justify-center max-xl:px-0',
              isHere && 'bg-selection font-medium text-accent hover:bg-selection hover:text-accent',
            )}
          >
            <item.Icon className="size-4 shrink-0" aria-hidden />
            <span className="max-xl:sr-only">{item.label}</span>
          </Link>
        )
      })}
    </nav>
  )
}

const barItemClass =
  'flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-meta tracking-tight text-secondary -outline-offset-2'

/** The same pages under the thumb: the main ones, and the others behind More. */
export function BottomBar({ role }: { role: string }) {
  const path = usePathname()
  const items = navItemsOf(role)
  const others = items.filter(({ isMain }) => !isMain)
  const isElsewhere = others.some((item) => isCurrent(item, path))
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {items
        .filter(({ isMain }) => isMain)
        .map((item) => {
          const isHere = isCurrent(item, path)
          return (
            <Link
              key={item.href}
              href={item.href}
              prefetch={false}
              aria-current={isHere ? 'page' : undefined}
              className={cn(barItemClass, isHere && 'font-medium text-accent')}
            >
              <item.Icon className="size-5" aria-hidden />
              <span className="max-w-full truncate">{item.shortLabel ?? item.label}</span>
            </Link>
          )
        })}
      <DropdownMenu
        trigger={
          <button type="button" className={cn(barItemClass, isElsewhere && 'font-medium text-accent')}>
            <Ellipsis className="size-5" aria-hidden />
            More
          </button>
        }
      >
        {others.map((item) => (
          <MenuItem key={item.href} asChild>
            <Link href={item.href} prefetch={false} aria-current={isCurrent(item, path) ? 'page' : undefined}>
              <item.Icon aria-hidden /> {item.label}
            </Link>
          </MenuItem>
        ))}
      </DropdownMenu>
    </nav>
  )
}
