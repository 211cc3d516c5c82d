'use client'

import { Search } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useRef, useState, type ReactNode } from 'react'
import { SWRConfig } from 'swr'
import { Kbd } from '@/components/ui/kbd'
import { Toaster } from '@/components/ui/toast'
import { BrandMark } from './brand'
import { CheatSheet } from './cheat-sheet'
import { CommandPalette } from './command-palette'
import { fetchJson } from './fetcher'
import { HealthBanner, HealthDot } from './health-banner'
import { LogInAgain } from './log-in-again'
import { ProveAgain } from './prove-again'
import { BottomBar, SideNav } from './nav-links'
import type { Theme } from './theme'
import { ThemeMenu } from './theme-menu'
import { UserMenu, type ShellUser } from './user-menu'
import { useKeptFocus } from './use-kept-focus'
import { useShortcuts } from './use-shortcuts'
import type { OidcWay } from './ways-in'

interface ShellProps {
  user: ShellUser
  theme: Theme
  oidc: OidcWay | null
  children: ReactNode
}

type Layer = 'palette' | 'cheat-sheet' | null

/** What stands around every page behind the login. */
export function Shell({ user, theme, oidc, children }: ShellProps) {
  const [layer, setLayer] = useState<Layer>(null)
  const router = useRouter()
  const page = useRef<HTMLElement>(null)
  useKeptFocus(page)
  useShortcuts((command) => {
    if (command.kind === 'go') router.push(command.href)
    else setLayer(command.kind)
  })
  return (
    <SWRConfig value={{ fetcher: fetchJson, keepPreviousData: true, shouldRetryOnError: false }}>
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent text-control text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <div className="flex min-h-dvh">
        <aside className="sticky top-0 hidden h-dvh w-14 shrink-0 flex-col border-r border-line bg-panel sm:flex xl:w-58">
          <Link href="/overview" className="flex h-14 items-center gap-2.5 px-3.5" aria-label="Nexus Proxy: overview">
            <BrandMark />
            <span className="text-section font-semibold max-xl:sr-only">Nexus Proxy</span>
          </Link>
          <SideNav role={user.role} />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col max-sm:pb-[calc(3.5rem+env(safe-area-inset-bottom))]">
          <TopBar user={user} theme={theme} onSearch={() => setLayer('palette')} />
          <HealthBanner />
          <main
            ref={page}
            id="content"
            tabIndex={-1}
            className="mx-auto w-full max-w-[1600px] flex-1 p-4 outline-none sm:p-6"
          >
            {children}
          </main>
        </div>
        <BottomBar role={user.role} />
      </div>
      <CommandPalette
        role={user.role}
        isOpen={layer === 'palette'}
        onOpenChange={(isOpen) => setLayer(isOpen ? 'palette' : null)}
        onCheatSheet={() => setLayer('cheat-sheet')}
      />
      <CheatSheet isOpen={layer === 'cheat-sheet'} onOpenChange={(isOpen) => setLayer(isOpen ? 'cheat-sheet' : null)} />
      <LogInAgain oidc={oidc} />
      <ProveAgain oidc={oidc} />
      <Toaster />
    </SWRConfig>
  )
}

function TopBar({ user, theme, onSearch }: { user: ShellUser; theme: Theme; onSearch: () => void }) {
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-line bg-panel px-4 sm:px-6">
      <Link href="/overview" className="target inline-flex items-center sm:hidden" aria-label="Nexus Proxy: overview">
        <BrandMark />
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-control border border-control px-2.5 text-control text-muted hover:bg-subtle sm:max-w-80 pointer-coarse:h-10"
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="truncate">
          Search<span className="max-sm:hidden"> and go</span>
        </span>
        <span className="ml-auto hidden sm:inline">
          <Kbd>/</Kbd>
        </span>
      </button>
      <div className="ml-auto flex items-center gap-1">
        <HealthDot />
        <ThemeMenu initial={theme} />
        <UserMenu user={user} />
      </div>
    </header>
  )
}
