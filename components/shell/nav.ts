import {
  ChartColumn,
  Database,
  Gauge,
  Hourglass,
  KeyRound,
  ListTree,
  MessagesSquare,
  Settings,
  Wallet,
  type LucideIcon,
} from 'lucide-react'

export interface NavItem {
  href: string
  label: string
  /** For the bottom bar, where six share the width of a phone. */
  shortLabel?: string
  Icon: LucideIcon
  /** The key after `g` that goes there. */
  goKey: string
  /** A word more for the command palette. */
  keywords?: string
}

/** The pages of the dashboard in their order: the side bar, the bottom bar, the palette and `g …` all read this list. */
export const navItems: readonly NavItem[] = [
  { href: '/overview', label: 'Overview', Icon: Gauge, goKey: 'o', keywords: 'home health' },
  {
    href: '/usage',
    label: 'Usage & cost',
    shortLabel: 'Usage',
    Icon: ChartColumn,
    goKey: 'u',
    keywords: 'tokens dollars prices budgets',
  },
  { href: '/windows', label: 'Windows', Icon: Hourglass, goKey: 'w', keywords: 'limits five hours week' },
  { href: '/requests', label: 'Requests', Icon: ListTree, goKey: 'r', keywords: 'log calls list' },
  {
    href: '/conversations',
    label: 'Conversations',
    Icon: MessagesSquare,
    goKey: 'c',
    keywords: 'threads branches sub-tasks search',
  },
  { href: '/accounts', label: 'Accounts', Icon: Wallet, goKey: 'a', keywords: 'credentials upstream' },
  {
    href: '/domains',
    label: 'Domains & keys',
    shortLabel: 'Domains',
    Icon: KeyRound,
    goKey: 'd',
    keywords: 'client keys tenants',
  },
  {
    href: '/storage',
    label: 'Storage',
    Icon: Database,
    goKey: 'b',
    keywords: 'retention journal bytes disk sweep',
  },
  { href: '/settings', label: 'Settings', Icon: Settings, goKey: 's', keywords: 'profile password logins' },
]

export function isCurrent(item: NavItem, path: string): boolean {
  return path === item.href || path.startsWith(`${item.href}/`)
}
