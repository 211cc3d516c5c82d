import { z } from 'zod'
import { queryRows } from '@/lib/dashboard-query'
import { AppError } from '@/lib/errors'
import { isUuid } from '@/lib/ids'

/** Which branch of a conversation is asked for; the newest one without it. */
export const branchSchema = z.object({
  branchId: z.string().max(100, { error: 'is the id of a branch' }).optional(),
})

interface Tip {
  readonly requestId: string
  readonly branchId: string
  readonly domain: string
}

/** The newest turn of a branch, one with an answer where there is one; of the whole conversation without a branch. */
export async function requireTip(conversationId: string, branchId: string | null): Promise<Tip> {
  const [tip] = isUuid(conversationId)
    ? await queryRows<Tip>(
        `SELECT r.request_id AS "requestId", r.branch_id AS "branchId", r.domain FROM api_requests r
         JOIN request_links l ON l.request_id = r.request_id
         WHERE r.conversation_id = $1 AND l.role = 'turn' AND ($2::text IS NULL AND NOT r.is_subtask OR r.branch_id = $2)
         ORDER BY l.was_answered DESC, r.request_id DESC LIMIT 1`,
        [conversationId, branchId],
      )
    : []
  if (!tip) throw new AppError('not-found', 'There is no turn on this branch of the conversation.')
  return tip
}
