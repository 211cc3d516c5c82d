import { accountChangeSchema } from '@/lib/accounts/account-schemas'
import { requireAccount } from '@/lib/accounts/accounts'
import { deleteAccount, updateAccount } from '@/lib/accounts/change-account'
import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { requireRecentProof } from '@/lib/users/recent-proof'

type Params = { accountId: string }

export const GET = apiHandler<Params>('numbers:read', async ({ params }) =>
  json(await requireAccount(params.accountId)),
)

export const PATCH = apiHandler<Params>('accounts:write', async ({ request, actor, params }) => {
  const change = await readJson(request, accountChangeSchema)
  await requireRecentProof(actor)
  return json(await updateAccount(params.accountId, change, doerOf(actor, request)))
})

export const DELETE = apiHandler<Params>('accounts:write', async ({ request, actor, params }) => {
  await requireRecentProof(actor)
  await deleteAccount(params.accountId, doerOf(actor, request))
  return json({ deleted: params.accountId })
})
