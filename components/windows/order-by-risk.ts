import type { AccountWindowsJson } from '@/lib/usage/windows-json'

interface OrderedAccounts {
  /** The one that is nearest to a wall first; equals keep their order, which is that of their names. */
  readonly shown: readonly AccountWindowsJson[]
  /** Those of which there is nothing to tell, when they are many. */
  readonly folded: readonly AccountWindowsJson[]
}

/** As many as do not stand in the way. */
const mostIdleShown = 3

/** Pure: which accounts one came to see, in which order; those that one has asked for are always among them. */
export function orderByRisk(
  accounts: readonly AccountWindowsJson[],
  asked: readonly (string | null)[],
): OrderedAccounts {
  const ordered = [...accounts].sort((a, b) => highestShare(b) - highestShare(a))
  const folded = ordered.filter((account) => isIdle(account) && !asked.includes(account.accountId))
  if (folded.length <= mostIdleShown) return { shown: ordered, folded: [] }
  return { shown: ordered.filter((account) => !folded.includes(account)), folded }
}

/** Pure: the first of them, and whoever was asked for, wherever the risk puts it. */
export function drawFirst(
  accounts: readonly AccountWindowsJson[],
  most: number,
  asked: readonly (string | null)[],
): readonly AccountWindowsJson[] {
  return accounts.filter(({ accountId }, index) => index < most || asked.includes(accountId))
}

/** Nobody knows = no risk that could be told. */
function highestShare({ limits }: AccountWindowsJson): number {
  return Math.max(0, ...limits.map(({ utilization }) => utilization ?? 0))
}

/** Claude has said nothing of it, and nobody has asked with it in any of its windows. */
function isIdle({ windows, limits }: AccountWindowsJson): boolean {
  const isToldOf = limits.some(({ source }) => source === 'upstream')
  return !isToldOf && windows.every(({ source, rolling }) => source === null && rolling.requests === 0)
}
