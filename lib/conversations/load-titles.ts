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
  conversationIds: readonly (string | null)[],
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

/** `conversationTitle`: null = there is no conversation, it has no title, or the reader may not see content. */
export type Titled<Row> = Row & { readonly conversationTitle: string | null }

interface InConversation {
  readonly conversationId: string | null
}

/** Each row with the title of its conversation; one question to the database for all of them. */
export async function withTitles<Row extends InConversation>(
  rows: readonly Row[],
  reader: Reader,
): Promise<Titled<Row>[]> {
  const titles = await loadTitles(
    rows.map(({ conversationId }) => conversationId),
    reader,
  )
  return rows.map((row) => addTitle(row, titles))
}

export async function withTitle<Row extends InConversation>(row: Row, reader: Reader): Promise<Titled<Row>> {
  return addTitle(row, await loadTitles([row.conversationId], reader))
}

function addTitle<Row extends InConversation>(row: Row, titles: ReadonlyMap<string, string>): Titled<Row> {
  return { ...row, conversationTitle: titles.get(row.conversationId ?? '') ?? null }
}
