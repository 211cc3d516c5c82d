import { byOf } from '@/lib/clients/change'
import { rotateClientKey, rotationSchema } from '@/lib/clients/client-keys'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { requireRecentProof } from '@/lib/users/recent-proof'

/** The answer is the only place where the new key ever stands. */
export const POST = apiHandler<{ clientKeyId: string }>('keys:write', async ({ request, actor, params }) => {
  const rotation = await readJson(request, rotationSchema)
  await requireRecentProof(actor)
  return json(await rotateClientKey(params.clientKeyId, rotation, byOf(actor, request)), 201)
})
