import type { PoolClient } from 'pg'
import { env } from '@/lib/env'
import type { ConversationLink, LinkCandidate, LinkConversations } from '@/lib/recorder/link-port'
import { readLinkFacts, type FactSource } from './link-facts'
import { makeLinkSecrets } from './link-secrets'
import { DomainLinker } from './link-domain'
import type { LinkedFacts } from './link-rows'
import { SaidWords } from './said-words'

/** Of the advisory locks under which a domain's requests are linked, one recorder at a time. */
const lockSpace = 727_073_702

/** The rules of linking for the recorder. */
export function makeLinker(encryptionKey: string = env().encryptionKey): LinkConversations {
  const secretsOf = makeLinkSecrets(encryptionKey)
  const said = new SaidWords()
  return async (tx, candidates, erasures) => {
    const links = new Map<string, ConversationLink>()
    const byDomain = groupByDomain(candidates)
    // In one order everywhere, so that two recorders never wait for each other.
    for (const domainId of [...byDomain.keys()].sort()) {
      await lockDomain(tx, domainId)
      const secrets = secretsOf(domainId)
      const rows = byDomain.get(domainId) ?? []
      const linker = new DomainLinker(tx, { secrets, fresh: rows.map(({ row }) => row), said, erasures })
      const facts = rows.flatMap((candidate) => readLinkFacts(sourceOf(candidate), secrets) ?? [])
      for (const linked of await linker.linkAll(facts)) links.set(linked.facts.requestId, toConversationLink(linked))
    }
    return links
  }
}

function sourceOf({ exchange, ...candidate }: LinkCandidate): FactSource {
  return { ...candidate, isKept: exchange.begin.caller?.capture === 'full' }
}

export async function lockDomain(tx: PoolClient, domainId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [lockSpace, domainId])
}

function groupByDomain(candidates: readonly LinkCandidate[]): Map<string, LinkCandidate[]> {
  const groups = new Map<string, LinkCandidate[]>()
  for (const candidate of candidates) {
    const { domainId } = candidate.row
    if (domainId) groups.set(domainId, [...(groups.get(domainId) ?? []), candidate])
  }
  return groups
}

function toConversationLink({ link }: LinkedFacts): ConversationLink {
  return {
    conversationId: link.conversationId,
    branchId: link.branchId,
    parentRequestId: link.parentRequestId,
    isSubtask: link.isSubtask,
    parentTaskRequestId: link.parentTaskRequestId,
    attemptOf: link.attemptOf,
    linkReason: link.linkReason,
  }
}
