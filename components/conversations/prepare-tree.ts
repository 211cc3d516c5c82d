import type { Conversation, ConversationBranch } from '@/lib/conversations/get-conversation'

/** A branch where it hangs in the tree. */
export interface TreeRow {
  readonly branch: ConversationBranch
  readonly depth: number
  readonly name: string
  /** What the branch is, for a reader who does not know the names. */
  readonly note: string | null
  readonly attemptCount: number
  readonly errorCount: number
}

/** Pure: branches below the branch they leave, in the order they began. */
export function prepareTree({ branches, requests }: Pick<Conversation, 'branches' | 'requests'>): TreeRow[] {
  const known = new Set(branches.map(({ branchId }) => branchId))
  const childrenOf = (parent: string | null) =>
    branches.filter(({ parentBranchId }) => (known.has(parentBranchId ?? '') ? parentBranchId : null) === parent)
  const rowsBelow = (parent: string | null, depth: number): TreeRow[] =>
    childrenOf(parent).flatMap((branch) => [
      rowOf(branch, depth, requests),
      ...(branch.branchId === parent ? [] : rowsBelow(branch.branchId, depth + 1)),
    ])
  return rowsBelow(null, 0)
}

function rowOf(branch: ConversationBranch, depth: number, requests: Conversation['requests']): TreeRow {
  const own = requests.filter(({ branchId, role }) => branchId === branch.branchId && role !== 'side')
  const isFirstUnrecorded = own[0]?.linkReason === 'earlier turns were not recorded'
  return {
    branch,
    depth,
    name: branchName(branch.branchId),
    note: isFirstUnrecorded ? 'earlier turns were not recorded' : null,
    attemptCount: own.filter(({ attemptOf }) => attemptOf !== null).length,
    errorCount: own.filter(({ outcome, status }) => (status ?? 0) >= 400 || outcome === 'upstream_error').length,
  }
}

const kindNames = { branch: 'Branch', compact: 'Compaction' } as const

/** `branch_20261122100200` reads "Branch 10:02:00". */
export function branchName(branchId: string): string {
  const [kind = '', digits = '', again] = branchId.split('_')
  if (kind === 'subtask') return `Sub-task ${digits}`
  if (kind !== 'branch' && kind !== 'compact') return 'Main'
  const clock = digits.slice(-6).replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')
  return `${kindNames[kind]} ${clock}${again ? ` (${again})` : ''}`
}
