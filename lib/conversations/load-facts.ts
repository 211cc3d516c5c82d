import type { PoolClient } from 'pg'
import { LRUCache } from 'lru-cache'
import { linkReasons } from '@/lib/recorder/usual-text'
import { linkOf } from './build-link'
import type { ExplainedLink } from './known-request'
import { noLabels, type LinkFacts } from './link-facts'
import { knownColumns, knownOf, splitDigests, unpackWants, type KnownRow } from './link-rows'

export interface StoredFacts {
  /** null when its beginning is gone: nobody can tell any more where it belongs. */
  readonly facts: LinkFacts | null
  readonly link: ExplainedLink
  readonly transcriptHash: Buffer | null
  readonly baseRequestId: string | null
}

type StoredRow = KnownRow & {
  readonly linkReason: string
  readonly domainId: string
  readonly parentAgentId: string | null
  readonly isSubagent: boolean
  readonly wants: Buffer
} & ChainLink

/** A request stores what it adds to the beginning it shares with an older one. */
interface ChainLink {
  readonly baseRequestId: string | null
  readonly baseLength: number
  readonly ownDigests: Buffer
}

const chainColumns = 'l.base_request_id AS "baseRequestId", l.base_length AS "baseLength", l.digests AS "ownDigests"'
/** Digests of so many messages are remembered: beginnings of what comes next. */
const mostRemembered = 200_000

/** Loads what requests are linked by, as it was stored. */
export class FactLoader {
  private readonly known = new LRUCache<string, readonly Buffer[]>({
    maxSize: mostRemembered,
    sizeCalculation: (digests) => digests.length + 10,
  })

  constructor(private readonly tx: PoolClient) {}

  /** By request id. What is not linked is left out. */
  async load(requestIds: readonly string[]): Promise<ReadonlyMap<string, StoredFacts>> {
    const { rows } = await this.tx.query<StoredRow>({
      name: 'load-facts',
      text: `SELECT ${knownColumns}, l.domain_id AS "domainId", l.parent_agent_id AS "parentAgentId",
         l.is_subagent AS "isSubagent", l.wants, ${chainColumns},
         false AS "hasChild", coalesce(r.link_reason, '') AS "linkReason"
       FROM request_links l LEFT JOIN api_requests r ON r.request_id = l.request_id
       WHERE l.request_id = ANY($1::uuid[]) ORDER BY l.request_id`,
      values: [requestIds],
    })
    const loaded = new Map<string, StoredFacts>()
    for (const row of rows) {
      const { linkReason, transcriptHash, baseRequestId } = row
      const link = { ...linkOf(knownOf(row)), linkReason: linkReasons.spell(linkReason) }
      const digests = row.role === 'side' ? [] : await this.digestsOf(row)
      loaded.set(row.requestId, { link, transcriptHash, baseRequestId, facts: digests && factsOf(row, digests) })
    }
    return loaded
  }

  /** It was read anew, or is stored otherwise than it was. */
  remember(requestId: string, digests: readonly Buffer[]): void {
    this.known.set(requestId, digests)
  }

  private async digestsOf(row: StoredRow): Promise<readonly Buffer[] | null> {
    const known = this.known.get(row.requestId)
    if (known) return known
    const base =
      row.baseRequestId === null ? [] : (this.known.get(row.baseRequestId) ?? (await this.walk(row.baseRequestId)))
    const digests = base && joined(base, row)
    if (digests) this.known.set(row.requestId, digests)
    return digests
  }

  private async walk(requestId: string): Promise<readonly Buffer[] | null> {
    const { rows } = await this.tx.query<ChainLink>({
      name: 'walk-digests',
      text: `WITH RECURSIVE chain AS (
         SELECT ${chainColumns}, 0 AS depth FROM request_links l WHERE l.request_id = $1
         UNION ALL
         SELECT ${chainColumns}, c.depth + 1 FROM chain c JOIN request_links l ON l.request_id = c."baseRequestId"
       )
       SELECT * FROM chain ORDER BY depth DESC`,
      values: [requestId],
    })
    return rows.reduce<readonly Buffer[] | null>((digests, row) => digests && joined(digests, row), [])
  }
}

function joined(base: readonly Buffer[], { baseLength, ownDigests }: ChainLink): readonly Buffer[] | null {
  return base.length < baseLength ? null : [...base.slice(0, baseLength), ...splitDigests(ownDigests)]
}

function factsOf(row: StoredRow, digests: readonly Buffer[]): LinkFacts {
  return { ...row, digests, wants: unpackWants(row.wants), offers: [], words: [], readLabels: () => noLabels }
}
