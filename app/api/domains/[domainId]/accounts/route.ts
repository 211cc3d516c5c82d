import { domainOrderSchema, setDomainAccounts } from '@/lib/accounts/domain-order'
import { byOf } from '@/lib/clients/change'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const PUT = apiHandler<{ domainId: string }>('accounts:write', async ({ request, actor, params }) => {
  const order = await readJson(request, domainOrderSchema)
  return json({ accounts: await setDomainAccounts(params.domainId, order, byOf(actor, request)) })
})
