import { domainOrderSchema, setDomainAccounts } from '@/lib/accounts/domain-order'
import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const PUT = apiHandler<{ domainId: string }>('accounts:write', async ({ request, actor, params }) => {
  const order = await readJson(request, domainOrderSchema)
  return json({ accounts: await setDomainAccounts(params.domainId, order, doerOf(actor, request)) })
})
