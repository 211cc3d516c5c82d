import { timeOfId } from '@/lib/ids'
import type { Decision } from './decide-link'
import type { ExplainedLink, KnownRequest, Link } from './known-request'
import type { LinkFacts } from './link-facts'

/** What must be asked about the older requests before a decision becomes a link. */
export interface BranchQuestions {
  /** Does the node have another child that goes on with its branch, and was answered? */
  hasChild(node: KnownRequest): boolean
  /** How many branches of the conversation have a name that begins like this? */
  countBranches(conversationId: string, prefix: string): Promise<number>
}

const fresh = {
  startsBranch: true,
  parentRequestId: null,
  isSubtask: false,
  parentTaskRequestId: null,
  taskOrdinal: null,
  attemptOf: null,
  parentNodeId: null,
}

export async function buildLink(facts: LinkFacts, decision: Decision, ask: BranchQuestions): Promise<ExplainedLink> {
  const own = { nodeId: facts.requestId, linkReason: decision.reason }
  switch (decision.kind) {
    case 'root':
      return rootLink(facts, decision)
    case 'attempt':
      return { ...linkOf(decision.of), startsBranch: false, attemptOf: decision.of.nodeId, linkReason: decision.reason }
    case 'side':
      return sideLink(facts, decision)
    case 'child':
      return { ...childOf(decision.parent), ...(await childBranch(facts, decision.parent, ask)), ...own }
    case 'compact':
      return {
        ...childOf(decision.parent),
        ...(await newBranch(facts, { parent: decision.parent, ask, word: 'compact' })),
        ...own,
      }
    case 'subtask': {
      const { conversationId, requestId } = decision.parent
      const number = (await ask.countBranches(conversationId, 'subtask_')) + 1
      return {
        ...childOf(decision.parent),
        branchId: `subtask_${number}`,
        startsBranch: true,
        isSubtask: true,
        parentTaskRequestId: requestId,
        taskOrdinal: decision.ordinal,
        ...own,
      }
    }
  }
}

function rootLink(facts: LinkFacts, decision: Extract<Decision, { kind: 'root' }>): ExplainedLink {
  const isSubtask = decision.isSubtask ?? false
  return {
    ...fresh,
    startsBranch: !decision.isInstead,
    conversationId: decision.conversationId ?? facts.requestId,
    branchId: isSubtask ? 'subtask_1' : 'main',
    isSubtask,
    nodeId: facts.requestId,
    linkReason: decision.reason,
  }
}

/** On the branch it helps, but no node of the tree. */
function sideLink(facts: LinkFacts, { of, reason }: Extract<Decision, { kind: 'side' }>): ExplainedLink {
  return {
    ...fresh,
    startsBranch: false,
    conversationId: of?.conversationId ?? facts.requestId,
    branchId: of?.branchId ?? 'main',
    isSubtask: of?.isSubtask ?? false,
    parentTaskRequestId: of?.parentTaskRequestId ?? null,
    nodeId: facts.requestId,
    linkReason: reason,
  }
}

function childOf(parent: KnownRequest): Omit<Link, 'nodeId'> {
  return {
    conversationId: parent.conversationId,
    branchId: parent.branchId,
    startsBranch: false,
    parentRequestId: parent.requestId,
    parentNodeId: parent.nodeId,
    isSubtask: parent.isSubtask,
    parentTaskRequestId: parent.parentTaskRequestId,
    taskOrdinal: null,
    attemptOf: null,
  }
}

async function childBranch(facts: LinkFacts, parent: KnownRequest, ask: BranchQuestions) {
  // A compaction sums a branch up; whatever else goes on from there, it stays where it is.
  if (facts.role === 'compaction' || !ask.hasChild(parent)) return {}
  return newBranch(facts, { parent, ask, word: 'branch' })
}

interface NewBranch {
  readonly parent: KnownRequest
  readonly ask: BranchQuestions
  readonly word: 'branch' | 'compact'
}

async function newBranch(facts: LinkFacts, { parent, ask, word }: NewBranch) {
  const digits = timeOfId(facts.requestId).toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const name = `${word}_${word === 'compact' ? digits.slice(8) : digits}`
  const taken = await ask.countBranches(parent.conversationId, name)
  return { branchId: taken === 0 ? name : `${name}_${taken + 1}`, startsBranch: true }
}

export function linkOf(known: KnownRequest): Link {
  const { conversationId, branchId, startsBranch, parentRequestId, isSubtask } = known
  const { parentTaskRequestId, taskOrdinal, attemptOf, nodeId, parentNodeId } = known
  return {
    conversationId,
    branchId,
    startsBranch,
    parentRequestId,
    isSubtask,
    parentTaskRequestId,
    taskOrdinal,
    attemptOf,
    nodeId,
    parentNodeId,
  }
}
