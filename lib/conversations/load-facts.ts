import type { PoolClient } from 'pg'
import { linkReasons } from '@/lib/recorder/usual-text'
import type { ExplainedLink } from './known-request'
import { noLabels, type LinkFacts } from './link-facts'
import { knownColumns, knownOf, splitDigests, unpackWants, type KnownRow } from './link-rows'

export interface StoredFacts {
  readonly facts: LinkFacts
  readonly link: ExplainedLink
  readonly transcriptHash: Buffer | null
}

type StoredRow = KnownRow & {
  readonly linkReason: string
  readonly domainId: string
  readonly parentAgentId: string | null
  readonly isSubagent: boolean
  readonly wants: Buffer
}

interface ChainRow {
  readonly baseLength: number
  readonly digests: Buffer
}

/** The facts of a linked request, as far as they decide about its link; null when its beginning is gone. */
export async function loadFacts(tx: PoolClient, requestId: string): Promise<StoredFacts | null> {
  const { rows } = await tx.query<StoredRow>(
    `SELECT ${knownColumns}, l.domain_id AS "domainId", l.parent_agent_id AS "parentAgentId",
       l.is_subagent AS "isSubagent", l.wants, false AS "hasChild", coalesce(r.link_reason, '') AS "linkReason"
     FROM request_links l LEFT JOIN api_requests r ON r.request_id = l.request_id WHERE l.request_id = $1`,
    [requestId],
  )
  const row = rows[0]
  const digests = row && (await loadDigests(tx, requestId))
  if (!row || !digests) return null
  return {
    link: { ...knownOf(row), linkReason: linkReasons.spell(row.linkReason) },
    transcriptHash: row.transcriptHash,
    facts: { ...row, digests, wants: unpackWants(row.wants), offers: [], words: [], readLabels: () => noLabels },
  }
}

/** A request stores what it adds to the beginning it shares with an older one, so the chain is walked. */
async function loadDigests(tx: PoolClient, requestId: string): Promise<Buffer[] | null> {
  const { rows } = await tx.query<ChainRow>(
    `WITH RECURSIVE chain AS (
       SELECT base_request_id, base_length, digests, 0 AS depth FROM request_links WHERE request_id = $1
       UNION ALL
       SELECT l.base_request_id, l.base_length, l.digests, c.depth + 1
       FROM chain c JOIN request_links l ON l.request_id = c.base_request_id
     )
     SELECT base_length AS "baseLength", digests FROM chain ORDER BY depth DESC`,
    [requestId],
  )
  let digests: Buffer[] = []
  for (const row of rows) {
    if (digests.length < row.baseLength) return null
    digests = [...digests.slice(0, row.baseLength), ...splitDigests(row.digests)]
  }
  return digests
}
