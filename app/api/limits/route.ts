import { doerOf } from '@/lib/users/doer'
import { json, readJson, readQuery } from '@/lib/http'
import { requireMayLimit } from '@/lib/usage/limit-permission'
import { limitListSchema, listLimits, newLimitSchema, setLimit } from '@/lib/usage/limits'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('numbers:read', async ({ request }) =>
  json({ limits: await listLimits(readQuery(request, limitListSchema)) }),
)

export const POST = apiHandler('keys:write', async ({ request, actor }) => {
  const given = await readJson(request, newLimitSchema)
  requireMayLimit(actor, given.scope)
  return json(await setLimit(given, doerOf(actor, request)), 201)
})
