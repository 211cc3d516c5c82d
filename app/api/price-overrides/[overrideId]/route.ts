import { doerOf } from '@/lib/users/doer'
import { json } from '@/lib/http'
import { deletePriceOverride } from '@/lib/usage/price-overrides'
import { apiHandler } from '@/lib/users/access'

export const DELETE = apiHandler<{ overrideId: string }>('settings:write', async ({ request, actor, params }) => {
  await deletePriceOverride(params.overrideId, doerOf(actor, request))
  return json({ deleted: params.overrideId })
})
