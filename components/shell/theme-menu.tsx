'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { DropdownMenu, MenuRadioGroup } from '@/components/ui/dropdown-menu'
import { applyTheme, type Theme } from './theme'

const icons = { system: Monitor, light: Sun, dark: Moon } as const
const options = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

export function ThemeMenu({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial)
  const Icon = icons[theme]
  function choose(next: Theme) {
    applyTheme(next)
    setTheme(next)
  }
  return (
    <DropdownMenu
      trigger={
        <button
          type="button"
          aria-label="Theme"
          className="target inline-flex size-8 items-center justify-center rounded-control text-secondary hover:bg-subtle hover:text-ink"
        >
          <Icon className="size-4" aria-hidden />
        </button>
      }
    >
      <MenuRadioGroup value={theme} onChange={choose} options={options} />
    </DropdownMenu>
  )
}
