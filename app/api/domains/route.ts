import { doerOf } from '@/lib/users/doer'
import { createDomain, listDomains, newDomainSchema } from '@/lib/clients/domains'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('numbers:read', async () => json({ domains: await listDomains() }))

export const POST = apiHandler('domains:write', async ({ request, actor }) => {
  const given = await readJson(request, newDomainSchema)
  return json(await createDomain(given, doerOf(actor, request)), 201)
})
