import { doerOf } from '@/lib/users/doer'
import { clientKeyChangeSchema, updateClientKey } from '@/lib/clients/client-keys'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const PATCH = apiHandler<{ clientKeyId: string }>('keys:write', async ({ request, actor, params }) => {
  const change = await readJson(request, clientKeyChangeSchema)
  return json(await updateClientKey(params.clientKeyId, change, doerOf(actor, request)))
})
