import { json } from '@/lib/http'
import { queryWindows } from '@/lib/usage/query-windows'
import { accountWindowsJson } from '@/lib/usage/windows-json'
import { apiHandler } from '@/lib/users/access'

/** All accounts: their last five hours, and how far their limits are used up. */
export const GET = apiHandler('numbers:read', async () => {
  const now = new Date()
  const accounts = await queryWindows(now)
  return json({ asOf: now, accounts: accounts.map((account) => accountWindowsJson(account, now)) })
})
