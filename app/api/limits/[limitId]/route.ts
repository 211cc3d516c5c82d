import { doerOf } from '@/lib/users/doer'
import { json } from '@/lib/http'
import type { LimitScope } from '@/lib/usage/limit-kinds'
import { requireMayLimit } from '@/lib/usage/limit-permission'
import { deleteLimit, requireLimit } from '@/lib/usage/limits'
import { apiHandler } from '@/lib/users/access'

export const DELETE = apiHandler<{ limitId: string }>('keys:write', async ({ request, actor, params }) => {
  const { scope } = await requireLimit(params.limitId)
  requireMayLimit(actor, scope as LimitScope)
  await deleteLimit(params.limitId, doerOf(actor, request))
  return json({ deleted: params.limitId })
})
