import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { policyChangeSchema, updatePolicy } from '@/lib/retention/policies'
import { apiHandler } from '@/lib/users/access'

type Params = { domainId: string }

export const PATCH = apiHandler<Params>('settings:write', async ({ request, actor, params }) => {
  const change = await readJson(request, policyChangeSchema)
  return json(await updatePolicy(params.domainId, change, doerOf(actor, request)))
})
