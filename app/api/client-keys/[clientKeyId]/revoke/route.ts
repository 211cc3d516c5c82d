import { doerOf } from '@/lib/users/doer'
import { revokeClientKey } from '@/lib/clients/client-keys'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const POST = apiHandler<{ clientKeyId: string }>('keys:write', async ({ request, actor, params }) => {
  return json(await revokeClientKey(params.clientKeyId, doerOf(actor, request)))
})
