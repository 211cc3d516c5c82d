import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { isUuid } from '@/lib/ids'
import { prisma } from '@/lib/prisma'
import { apiHandler, requireUserSession } from '@/lib/users/access'
import { recordAudit } from '@/lib/users/audit'
import { doerOf } from '@/lib/users/doer'
import { endSession } from '@/lib/users/sessions'

/** Ends one login of the user who asks. */
export const DELETE = apiHandler<{ sessionId: string }>('self:write', async ({ request, actor, params }) => {
  const { userId } = requireUserSession(actor)
  const { sessionId } = params
  if (!isUuid(sessionId) || !(await endSession({ sessionId, userId })))
    throw new AppError('not-found', 'There is no such login.')
  const target = { targetType: 'user', targetId: userId, detail: { sessionId } }
  await recordAudit(prisma(), { ...doerOf(actor, request), action: 'user.end-login', ...target })
  return json({ ended: sessionId })
})
