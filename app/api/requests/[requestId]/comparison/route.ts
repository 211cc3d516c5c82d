import { compareWithParent } from '@/lib/conversations/compare-turns'
import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { getRequest } from '@/lib/requests/get-request'
import { apiHandler } from '@/lib/users/access'
import { admitToBodies } from '@/lib/users/body-views'
import { loadReach, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ requestId: string }>('bodies:read', async ({ request, actor, params }) => {
  const reach = await loadReach(actor)
  const { requestId, domain } = requireSeen(reach, await getRequest(params.requestId), 'request')
  const view = { action: 'body.read', targetType: 'request', targetId: requestId, domain } as const
  await admitToBodies({ actor, request, reach }, view)
  const comparison = await compareWithParent(requestId, await currentPriceBook())
  if (!comparison) throw new AppError('not-found', 'There is no request with this id.')
  return json(maskJson(comparison))
})
