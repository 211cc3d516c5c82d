import { compareWithParent } from '@/lib/conversations/compare-turns'
import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ requestId: string }>('bodies:read', async ({ params }) => {
  const comparison = await compareWithParent(params.requestId, await currentPriceBook())
  if (!comparison) throw new AppError('not-found', 'There is no request with this id.')
  return json(comparison)
})
