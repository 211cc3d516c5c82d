import { byOf } from '@/lib/clients/change'
import { domainChangeSchema, requireDomain, updateDomain } from '@/lib/clients/domains'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

type Params = { domainId: string }

export const GET = apiHandler<Params>('numbers:read', async ({ params }) => json(await requireDomain(params.domainId)))

export const PATCH = apiHandler<Params>('domains:write', async ({ request, actor, params }) => {
  const change = await readJson(request, domainChangeSchema)
  return json(await updateDomain(params.domainId, change, byOf(actor, request)))
})
