import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { isUuid } from '@/lib/ids'
import { apiHandler, requireUserSession } from '@/lib/users/access'
import { endSession } from '@/lib/users/sessions'

/** Ends one login of the user who asks. */
export const DELETE = apiHandler<{ sessionId: string }>('self:write', async ({ actor, params }) => {
  const { userId } = requireUserSession(actor)
  const { sessionId } = params
  if (!isUuid(sessionId) || !(await endSession({ sessionId, userId })))
    throw new AppError('not-found', 'There is no such login.')
  return json({ ended: sessionId })
})
