import { doerOf } from '@/lib/users/doer'
import { domainChangeSchema, requireDomain, updateDomain } from '@/lib/clients/domains'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { requireMayChooseReaders } from '@/lib/users/reach'
import { requireRecentProof } from '@/lib/users/recent-proof'

type Params = { domainId: string }

export const GET = apiHandler<Params>('numbers:read', async ({ params }) => json(await requireDomain(params.domainId)))

export const PATCH = apiHandler<Params>('domains:write', async ({ request, actor, params }) => {
  const change = await readJson(request, domainChangeSchema)
  if (change.bodyReaders) {
    await requireRecentProof(actor)
    const { bodyReaders } = await requireDomain(params.domainId)
    requireMayChooseReaders(actor.role, bodyReaders, change.bodyReaders)
  }
  return json(await updateDomain(params.domainId, change, doerOf(actor, request)))
})
