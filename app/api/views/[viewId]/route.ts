import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { isUuid } from '@/lib/ids'
import { deleteView } from '@/lib/requests/saved-views'
import { apiHandler, requireUserSession } from '@/lib/users/access'

export const DELETE = apiHandler<{ viewId: string }>('self:write', async ({ actor, params }) => {
  if (!isUuid(params.viewId)) throw new AppError('not-found', 'There is no such view.')
  await deleteView(requireUserSession(actor).userId, params.viewId)
  return json({ deleted: true })
})
