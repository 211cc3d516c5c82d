import { newAccountSchema } from '@/lib/accounts/account-schemas'
import { listAccounts } from '@/lib/accounts/accounts'
import { createAccount } from '@/lib/accounts/change-account'
import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('numbers:read', async () => json({ accounts: await listAccounts() }))

export const POST = apiHandler('accounts:write', async ({ request, actor }) => {
  const given = await readJson(request, newAccountSchema)
  return json(await createAccount(given, doerOf(actor, request)), 201)
})
