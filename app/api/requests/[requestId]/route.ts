import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { getRequest } from '@/lib/requests/get-request'
import { loadContent, loadTimings } from '@/lib/requests/load-content'
import { buildDetail } from '@/lib/requests/request-detail'
import { apiHandler, type Actor } from '@/lib/users/access'
import { dashboardKeyPermissions, mayDo } from '@/lib/users/permissions'

export const dynamic = 'force-dynamic'

/** Whoever may read numbers gets these; content comes on top for those who may read it. */
export const GET = apiHandler<{ requestId: string }>('numbers:read', async ({ actor, params }) => {
  const facts = await getRequest(params.requestId)
  if (!facts) throw new AppError('not-found', 'There is no such request.')
  return json(buildDetail(facts, mayReadBodies(actor) ? await loadContent(facts) : await loadTimings(facts)))
})

function mayReadBodies({ role }: Actor): boolean {
  return role === null ? dashboardKeyPermissions.includes('bodies:read') : mayDo(role, 'bodies:read')
}
