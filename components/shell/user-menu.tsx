'use client'

import { CircleUser, LogOut, Settings } from 'lucide-react'
import Link from 'next/link'
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/dropdown-menu'
import { logOut } from './auth-client'

export interface ShellUser {
  name: string
  email: string
  role: string
}

export function UserMenu({ user }: { user: ShellUser }) {
  return (
    <DropdownMenu
      trigger={
        <button
          type="button"
          aria-label={`${user.name}: account menu`}
          className="target inline-flex h-8 items-center gap-2 rounded-control px-2 text-control text-secondary hover:bg-subtle hover:text-ink"
        >
          <CircleUser className="size-4 shrink-0" aria-hidden />
          <span className="hidden max-w-40 truncate lg:inline">{user.name}</span>
        </button>
      }
    >
      <MenuLabel>
        <span className="block font-medium text-ink">{user.name}</span>
        {user.email} · {user.role}
      </MenuLabel>
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/settings">
          <Settings aria-hidden /> Profile and password
        </Link>
      </MenuItem>
      <MenuItem onSelect={() => void logOut()}>
        <LogOut aria-hidden /> Log out
      </MenuItem>
    </DropdownMenu>
  )
}
