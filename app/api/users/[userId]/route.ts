import { expireKnownClients } from '@/lib/clients/known-clients'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { doerOf } from '@/lib/users/doer'
import { changeMember, memberChangeSchema } from '@/lib/users/members'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const PATCH = apiHandler<{ userId: string }>('users:write', async ({ request, actor, params }) => {
  const change = await readJson(request, memberChangeSchema)
  await requireRecentProof(actor)
  const member = await changeMember(params.userId, change, doerOf(actor, request))
  // A deactivation revokes client keys: at once here, within seconds in other processes.
  expireKnownClients()
  return json(member)
})
