import { navItems } from './nav'

interface Shortcut {
  keys: readonly string[]
  does: string
}

/** What the cheat sheet shows. Pages with keys of their own add a group here. */
export const shortcutGroups: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Everywhere',
    shortcuts: [
      { keys: ['/'], does: 'Search and go (or ⌘K, Ctrl+K)' },
      { keys: ['?'], does: 'This list' },
      { keys: ['Esc'], does: 'Close what is on top' },
    ],
  },
  {
    title: 'Requests',
    shortcuts: [
      { keys: ['j'], does: 'Next, older (or ], or ↓ at a row)' },
      { keys: ['k'], does: 'Previous, newer (or [, or ↑ at a row)' },
      { keys: ['Enter'], does: 'Look beside the list' },
      { keys: ['Tab'], does: 'Filter by a value of the chosen row' },
      { keys: ['o'], does: 'Open in full' },
      { keys: ['p'], does: 'Pause the live list, go on' },
      { keys: ['c'], does: 'Copy the address' },
    ],
  },
  {
    title: 'Conversations',
    shortcuts: [
      { keys: ['j'], does: 'Next conversation (or ], or ↓ at a row)' },
      { keys: ['k'], does: 'Previous conversation (or [, or ↑ at a row)' },
      { keys: ['Enter'], does: 'Open it' },
    ],
  },
  {
    title: 'Conversation',
    shortcuts: [
      { keys: ['t'], does: 'Timeline or context' },
      { keys: ['f'], does: 'Find in the thread' },
      { keys: ['←', '→', '↑', '↓'], does: 'Along the timeline, from agent to agent' },
    ],
  },
  { title: 'Go to', shortcuts: navItems.map((item) => ({ keys: ['g', item.goKey], does: item.label })) },
]

export type Command = { kind: 'palette' } | { kind: 'cheat-sheet' } | { kind: 'go'; href: string }

interface KeyPress {
  key: string
  hasModifier: boolean
  isTyping: boolean
}

/** What a key means; `after` is the key before it, while it still counts. Pure. */
export function commandOf(press: KeyPress, after: string | null): Command | null {
  if (press.hasModifier) return press.key.toLowerCase() === 'k' ? { kind: 'palette' } : null
  if (press.isTyping) return null
  if (after === 'g') {
    const item = navItems.find(({ goKey }) => goKey === press.key.toLowerCase())
    return item ? { kind: 'go', href: item.href } : null
  }
  if (press.key === '/') return { kind: 'palette' }
  return press.key === '?' ? { kind: 'cheat-sheet' } : null
}
