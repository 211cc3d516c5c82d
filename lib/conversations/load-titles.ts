import { queryRows } from '@/lib/dashboard-query'
import { env } from '@/lib/env'
import { makeLinkSecrets } from './link-secrets'
import type { Reader } from './reader'
import { openLabel } from './sealed-label'

interface TitleRow {
  readonly conversationId: string
  readonly domainId: string
  readonly domain: string
  readonly sealedTitle: string
}

/** Titles by conversation, as far as the reader may read content; a conversation without one is left out. */
export async function loadTitles(
  conversationIds: readonly string[],
  reader: Reader,
): Promise<ReadonlyMap<string, string>> {
  const rows = await queryRows<TitleRow>(
    `SELECT conversation_id AS "conversationId", domain_id AS "domainId", domain, title AS "sealedTitle"
     FROM conversations WHERE conversation_id = ANY($1) AND title IS NOT NULL`,
    [conversationIds],
  )
  const secretsOf = makeLinkSecrets(env().encryptionKey)
  const readable = rows.filter(({ domain }) => reader.mayReadBodies(domain))
  const opened = readable.map(({ conversationId, domainId, sealedTitle }) => {
    return [conversationId, openLabel(secretsOf(domainId), sealedTitle)] as const
  })
  return new Map(opened.flatMap(([id, title]) => (title === null ? [] : [[id, title]])))
}
