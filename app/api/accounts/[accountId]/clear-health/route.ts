import { clearHealthOf } from '@/lib/accounts/change-account'
import { doerOf } from '@/lib/users/doer'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

/** A person knows better: the account is asked again at once. */
export const POST = apiHandler<{ accountId: string }>('accounts:write', async ({ request, actor, params }) =>
  json(await clearHealthOf(params.accountId, doerOf(actor, request))),
)
