import { AccountState } from '@/lib/accounts/account-state'
import { listLogins, type ListedLogin } from '@/lib/accounts/logins'
import { refreshLogin } from '@/lib/accounts/refresh-login'
import { expiryOf } from '@/lib/accounts/secrets'
import { loadLogin } from '@/lib/accounts/stored-login'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { recordAudit } from '@/lib/users/audit'
import { withInstallation } from './open-installation'

/**
 * `npm run auth:oauth-refresh -- acc_… | team-a.example.com`: gets the next token of a stored login now. Safe beside a
 * running server: one process asks, all use what it stores.
 */
const [named] = process.argv.slice(2)
if (!named) {
  console.error('Use: npm run auth:oauth-refresh -- acc_… (or the name of its domain)')
  process.exit(64)
}
if (!env().ALLOW_STORED_OAUTH) {
  console.error('Stored logins are off: set ALLOW_STORED_OAUTH=true after reading what the terms of Anthropic say.')
  process.exit(78)
}

async function refreshNow({ uuid, accountId, canRefresh }: ListedLogin): Promise<boolean> {
  const stored = await loadLogin(uuid)
  if (!stored || !canRefresh) {
    console.error(`${accountId} has no refresh token: log in again and put the new login into its place.`)
    return false
  }
  try {
    const login = await refreshLogin({ uuid, accountId, accessToken: stored.login.accessToken })
    const target = { action: 'account.refresh-login', targetType: 'account', targetId: accountId }
    await recordAudit(prisma(), { actor: { userId: null, name: 'npm run auth:oauth-refresh' }, ...target })
    console.log(`${accountId}: refreshed, the token ends ${expiryOf(login)?.toISOString() ?? 'at an unknown time'}.`)
    return true
  } catch (error) {
    console.error(`${accountId}: ${(error as Error).message}.`)
    return false
  }
}

process.exitCode = await withInstallation(async () => {
  const logins = await listLogins(named)
  if (logins.length === 0) console.error(`${named} has no stored login.`)
  const state = new AccountState()
  await state.sync()
  const results = []
  for (const login of logins) results.push(await refreshNow(login))
  // What was learned about the login is for the server, too.
  await state.save()
  return results.length > 0 && results.every(Boolean) ? 0 : 1
})
