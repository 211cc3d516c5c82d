import { doerOf } from '@/lib/users/doer'
import { rotateClientKey, rotationSchema } from '@/lib/clients/client-keys'
import { json, readJson } from '@/lib/http'
import { reloadLimits } from '@/lib/usage/check-limits'
import { apiHandler } from '@/lib/users/access'
import { requireRecentProof } from '@/lib/users/recent-proof'

/** The answer is the only place where the new key ever stands. */
export const POST = apiHandler<{ clientKeyId: string }>('keys:write', async ({ request, actor, params }) => {
  const rotation = await readJson(request, rotationSchema)
  await requireRecentProof(actor)
  const made = await rotateClientKey(params.clientKeyId, rotation, doerOf(actor, request))
  await reloadLimits()
  return json(made, 201)
})
