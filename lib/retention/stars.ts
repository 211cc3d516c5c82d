import { z } from 'zod'
import { dashboardPool } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { isUuid } from '@/lib/ids'

export const starSchema = z.strictObject({ isStarred: z.boolean() })

const tables = {
  request: { table: 'api_requests', id: 'request_id' },
  conversation: { table: 'conversations', id: 'conversation_id' },
} as const

/** A starred request, and every request of a starred conversation, outlives retention. */
export async function saveStar(what: keyof typeof tables, id: string, isStarred: boolean): Promise<void> {
  const { table, id: column } = tables[what]
  const { rowCount } = isUuid(id)
    ? await dashboardPool().query(
        `UPDATE ${table} SET starred_at = CASE WHEN $2::boolean THEN coalesce(starred_at, now()) END WHERE ${column} = $1`,
        [id, isStarred],
      )
    : { rowCount: 0 }
  if (rowCount === 0) throw new AppError('not-found', `There is no such ${what}.`)
}
