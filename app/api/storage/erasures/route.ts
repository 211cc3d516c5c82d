import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { eraseBodies, erasureSchema } from '@/lib/retention/erase-bodies'
import { apiHandler } from '@/lib/users/access'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const POST = apiHandler('settings:write', async ({ request, actor }) => {
  const erasure = await readJson(request, erasureSchema)
  await requireRecentProof(actor)
  return json(await eraseBodies(erasure, doerOf(actor, request)))
})
