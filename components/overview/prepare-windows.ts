import { windowNames } from '@/components/windows/prepare-window'
import { formatDuration } from '@/lib/format'
import type { AccountInUse, KnownLimit } from '@/lib/usage/query-accounts-usage'

export interface FullWindow {
  readonly key: string
  readonly account: string
  readonly window: string
  /** 0 to 1, or more. */
  readonly utilization: number
  /** After the share; empty where nobody said when. */
  readonly resetText: string
}

const mostShown = 5

/** The fullest limits first. What a reset has emptied since is not known any more, and left out. Pure. */
export function prepareWindows(
  limits: readonly KnownLimit[],
  accounts: readonly AccountInUse[],
  nowMs: number,
): FullWindow[] {
  const names = new Map(accounts.map(({ accountId, name }) => [accountId, name || accountId]))
  return limits
    .flatMap(({ accountId, window, utilization, resetsAt }) => {
      const account = names.get(accountId)
      const leftMs = resetsAt === null ? null : resetsAt.getTime() - nowMs
      if (account === undefined || utilization === null || (leftMs !== null && leftMs <= 0)) return []
      const resetText = leftMs === null ? '' : ` · resets in ${formatDuration(leftMs)}`
      return [{ key: `${accountId} ${window}`, account, window: nameOf(window), utilization, resetText }]
    })
    .sort((a, b) => b.utilization - a.utilization)
    .slice(0, mostShown)
}

function nameOf(window: string): string {
  return window in windowNames
    ? windowNames[window as keyof typeof windowNames].toLowerCase()
    : window.replaceAll('-', ' ')
}
