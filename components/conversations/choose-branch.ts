import type { Conversation } from '@/lib/conversations/get-conversation'

/** Pure: the branch that was asked for, or the one with the newest turn of the main agent. */
export function chooseBranch({ branches }: Pick<Conversation, 'branches'>, wanted: string | null): string {
  if (wanted !== null && branches.some(({ branchId }) => branchId === wanted)) return wanted
  const own = branches.filter(({ kind }) => kind !== 'subtask')
  const newest = (own.length > 0 ? own : branches).toSorted((a, b) => (a.latestRequestId < b.latestRequestId ? 1 : -1))
  return newest[0]?.branchId ?? 'main'
}

/** Where a page asks for what was said on a branch. */
export function threadPath(conversationId: string, branchId: string): string {
  return `/api/conversations/${conversationId}/thread?branchId=${encodeURIComponent(branchId)}`
}
