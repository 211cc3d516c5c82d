import { testAccount } from '@/lib/accounts/test-account'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const POST = apiHandler<{ accountId: string }>('accounts:write', async ({ params }) => {
  return json(await testAccount(params.accountId))
})
