import type { PoolClient } from 'pg'
import { isSession, keyNumber, type LinkedFacts } from './link-rows'
import type { LinkSecrets } from './link-secrets'

/** Requests that are linked again because an older one came late, at most; a full relink does the rest. */
const mostRelinked = 500

/** Younger requests of the domain whose link may depend on this one, oldest first. */
export async function findConcerned(
  tx: PoolClient,
  linked: LinkedFacts,
  { secrets, conversationIds }: { secrets: LinkSecrets; conversationIds: readonly string[] },
): Promise<string[]> {
  const { domainId, requestId, sessionId } = linked.facts
  const { rows } = await tx.query<{ requestId: string }>({
    name: 'find-concerned',
    text: `SELECT request_id AS "requestId" FROM api_requests WHERE conversation_id = ANY($3::uuid[]) AND request_id > $2
     UNION SELECT l.request_id FROM request_links l WHERE l.domain_id = $1 AND ${isSession('$4')} AND l.request_id > $2
     UNION SELECT k.request_id FROM link_keys k JOIN request_links l ON l.request_id = k.request_id
       WHERE l.domain_id = $1 AND k.key = ANY($5::bigint[]) AND k.request_id > $2
     ORDER BY 1 LIMIT ${mostRelinked}`,
    values: [domainId, requestId, conversationIds, sessionId, concerningKeys(linked, secrets)],
  })
  return rows.map((row) => row.requestId)
}

/** Which of these, about to be inserted, `findConcerned` would answer anything for. */
export async function findConcerning(
  tx: PoolClient,
  linked: readonly LinkedFacts[],
  secrets: LinkSecrets,
): Promise<ReadonlySet<string>> {
  const keys = linked.flatMap((one) =>
    concerningKeys(one, secrets).map((key) => ({ requestId: one.facts.requestId, key })),
  )
  const { rows } = await tx.query<{ requestId: string }>({
    name: 'find-concerning',
    text: `SELECT o.request_id AS "requestId" FROM unnest($2::uuid[], $3::uuid[], $4::text[])
         AS o(request_id, conversation_id, session_id)
       WHERE EXISTS (SELECT FROM api_requests r WHERE r.conversation_id = o.conversation_id AND r.request_id > o.request_id)
         OR EXISTS (SELECT FROM request_links l
           WHERE l.domain_id = $1 AND ${isSession('o.session_id')} AND l.request_id > o.request_id)
     UNION SELECT o.request_id FROM unnest($5::uuid[], $6::bigint[]) AS o(request_id, key)
       JOIN link_keys k ON k.key = o.key AND k.request_id > o.request_id
       JOIN request_links l ON l.request_id = k.request_id AND l.domain_id = $1`,
    values: [
      secrets.domainId,
      linked.map(({ facts }) => facts.requestId),
      linked.map(({ link }) => link.conversationId),
      linked.map(({ facts }) => facts.sessionId),
      keys.map(({ requestId }) => requestId),
      keys.map(({ key }) => key),
    ],
  })
  return new Set(rows.map((row) => row.requestId))
}

/** Under these a younger request has what it shares with this one, or waits for it. */
function concerningKeys({ facts, transcriptHash }: LinkedFacts, { keyOf, waitingKeyOf }: LinkSecrets): string[] {
  const offered = facts.offers.map(({ key }) => key)
  const transcript = transcriptHash ? [keyOf('transcript', transcriptHash)] : []
  return [...[...offered, ...transcript].map(waitingKeyOf), ...transcript].map(keyNumber)
}
