import {
  BellRing,
  ChartColumn,
  Database,
  Gauge,
  Hourglass,
  KeyRound,
  ListTree,
  MessagesSquare,
  ScrollText,
  Settings,
  Stethoscope,
  Users,
  Wallet,
  type LucideIcon,
} from 'lucide-react'
import { isRole, mayDo, type Permission } from '@/lib/users/permissions'

interface NavItem {
  href: string
  label: string
  /** For the bottom bar, where six share the width of a phone. */
  shortLabel?: string
  Icon: LucideIcon
  /** The key after `g` that goes there. */
  goKey: string
  /** A word more for the command palette. */
  keywords?: string
  /** What one needs to be let in; everybody with a login where it is not said. */
  permission?: Permission
  /** In the bottom bar of phones itself, not behind its More. */
  isMain?: boolean
}

/** The pages of the dashboard in their order: the side bar, the bottom bar, the palette and `g …` all read this list. */
export const navItems: readonly NavItem[] = [
  { href: '/overview', label: 'Overview', Icon: Gauge, goKey: 'o', keywords: 'home health', isMain: true },
  {
    href: '/usage',
    label: 'Usage & cost',
    shortLabel: 'Usage',
    Icon: ChartColumn,
    goKey: 'u',
    keywords: 'tokens dollars prices budgets',
    isMain: true,
  },
  {
    href: '/windows',
    label: 'Windows',
    Icon: Hourglass,
    goKey: 'w',
    keywords: 'limits five hours week',
    permission: 'numbers:read',
  },
  { href: '/requests', label: 'Requests', Icon: ListTree, goKey: 'r', keywords: 'log calls list', isMain: true },
  {
    href: '/conversations',
    label: 'Conversations',
    Icon: MessagesSquare,
    goKey: 'c',
    keywords: 'threads branches sub-tasks search',
    isMain: true,
  },
  {
    href: '/accounts',
    label: 'Accounts',
    Icon: Wallet,
    goKey: 'a',
    keywords: 'credentials upstream',
    permission: 'numbers:read',
  },
  {
    href: '/domains',
    label: 'Domains & keys',
    shortLabel: 'Domains',
    Icon: KeyRound,
    goKey: 'd',
    keywords: 'client keys tenants',
    permission: 'numbers:read',
  },
  {
    href: '/storage',
    label: 'Storage',
    Icon: Database,
    goKey: 'b',
    keywords: 'retention journal bytes disk sweep',
    permission: 'numbers:read',
  },
  {
    href: '/members',
    label: 'Members',
    Icon: Users,
    goKey: 'm',
    keywords: 'users roles invitations people',
    permission: 'users:write',
  },
  {
    href: '/audit',
    label: 'Audit log',
    shortLabel: 'Audit',
    Icon: ScrollText,
    goKey: 'l',
    keywords: 'who did what chain export',
    permission: 'audit:read',
  },
  {
    href: '/alerts',
    label: 'Alerts',
    Icon: BellRing,
    goKey: 'n',
    keywords: 'webhook slack rules notify budget',
    permission: 'audit:read',
  },
  {
    href: '/doctor',
    label: 'Health',
    Icon: Stethoscope,
    goKey: 'h',
    keywords: 'doctor status recorder journal disk checks',
    permission: 'numbers:read',
  },
  { href: '/settings', label: 'Settings', Icon: Settings, goKey: 's', keywords: 'profile password logins' },
]

/** The pages that somebody of this role may open. */
export function navItemsOf(role: string): readonly NavItem[] {
  return navItems.filter(({ permission = 'self:write' }) => isRole(role) && mayDo(role, permission))
}

export function isCurrent(item: NavItem, path: string): boolean {
  return path === item.href || path.startsWith(`${item.href}/`)
}
