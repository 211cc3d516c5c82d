import { z } from 'zod'
import { dashboardPool } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { isUuid } from '@/lib/ids'

export const starSchema = z.strictObject({ isStarred: z.boolean() })

const tables = {
  request: { table: 'api_requests', id: 'request_id' },
  conversation: { table: 'conversations', id: 'conversation_id' },
} as const

interface Star {
  readonly what: keyof typeof tables
  readonly id: string
  readonly isStarred: boolean
  /** Names of the domains that the reader sees; null = all. */
  readonly domains: readonly string[] | null
}

/** A starred request, and every request of a starred conversation, outlives retention. */
export async function saveStar({ what, id, isStarred, domains }: Star): Promise<void> {
  const { table, id: column } = tables[what]
  const { rowCount } = isUuid(id)
    ? await dashboardPool().query(
        `UPDATE ${table} SET starred_at = CASE WHEN $2::boolean THEN coalesce(starred_at, now()) END WHERE ${column} = $1
           AND ($3::text[] IS NULL OR domain = ANY($3))`,
        [id, isStarred, domains],
      )
    : { rowCount: 0 }
  if (rowCount === 0) throw new AppError('not-found', `There is no such ${what}.`)
}
