import type { AccountWindowsJson } from '@/lib/usage/windows-json'

/** The account that is nearest to a wall first; equals keep their order, which is that of their names. */
export function orderByRisk(accounts: readonly AccountWindowsJson[]): AccountWindowsJson[] {
  return [...accounts].sort((a, b) => highestShare(b) - highestShare(a))
}

/** Nobody knows = no risk that could be told. */
function highestShare({ limits }: AccountWindowsJson): number {
  return Math.max(0, ...limits.map(({ utilization }) => utilization ?? 0))
}
