import type { KnownRequest } from './known-request'
import type { LinkFacts } from './link-facts'
import { answerHashOf, type LinkedFacts } from './link-rows'

interface FreshMatch {
  readonly known: KnownRequest
  readonly ordinal: number
}

/** What was linked together and is not in the database yet; of one session, all of it is younger than what is there. */
export class FreshLinks {
  private readonly list: KnownRequest[] = []
  private readonly byKey = new Map<string, FreshMatch[]>()

  add(linked: LinkedFacts): void {
    const known = asKnown(linked)
    this.list.unshift(known)
    for (const { key, ordinal } of linked.keys) {
      const name = key.toString('latin1')
      this.byKey.set(name, [{ known, ordinal }, ...(this.byKey.get(name) ?? [])])
    }
  }

  clear(): void {
    this.list.length = 0
    this.byKey.clear()
  }

  /** Newest first. */
  withKey(key: Buffer): readonly FreshMatch[] {
    return this.byKey.get(key.toString('latin1')) ?? []
  }

  newest(matches: (known: KnownRequest) => boolean): KnownRequest | null {
    return this.list.find(matches) ?? null
  }

  hasChild(node: KnownRequest): boolean {
    return this.list.some(
      ({ parentNodeId, branchId, role, answerHash }) =>
        parentNodeId === node.nodeId && branchId === node.branchId && role === 'turn' && answerHash !== null,
    )
  }

  countBranches(conversationId: string, prefix: string): number {
    return this.list.filter(
      (known) => known.conversationId === conversationId && known.startsBranch && known.branchId.startsWith(prefix),
    ).length
  }

  hasTask(requestId: string, ordinal: number): boolean {
    return this.list.some(
      (known) => known.startsBranch && known.parentTaskRequestId === requestId && known.taskOrdinal === ordinal,
    )
  }
}

function asKnown({ facts, link, transcript, transcriptHash }: LinkedFacts): KnownRequest {
  const { requestId, role, sessionId, agentId, clientKeyId, wasAnswered, isThread }: LinkFacts = facts
  return {
    ...link,
    requestId,
    role,
    sessionId,
    agentId,
    clientKeyId,
    wasAnswered,
    isThread,
    transcriptHash,
    transcriptLength: transcript.length,
    answerHash: answerHashOf(transcriptHash, facts.answerDigest),
    hasChild: false,
    hasWords: facts.words.length > 0,
  }
}
