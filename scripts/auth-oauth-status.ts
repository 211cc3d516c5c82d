import { listLogins, stateOfLogin } from '@/lib/accounts/logins'
import { withInstallation } from './open-installation'

/** `npm run auth:oauth-status [-- acc_… | team-a.example.com]`: how each stored login stands. Shows no secret. */
const [named = null] = process.argv.slice(2)

await withInstallation(async () => {
  const logins = await listLogins(named)
  if (logins.length === 0) console.log(named ? `${named} has no stored login.` : 'There is no stored login.')
  for (const login of logins) {
    console.log(`${login.accountId}  ${login.name} (${login.domains.join(', ') || 'no domain'})`)
    console.log(`  state      ${stateOfLogin(login, Date.now())}`)
    console.log(`  token ends ${login.expiresAt?.toISOString() ?? 'unknown'}`)
    console.log(`  refresh    ${login.canRefresh ? 'by itself' : 'not possible: it has no refresh token'}`)
    if (login.refreshedAt) console.log(`  refreshed  ${login.refreshedAt.toISOString()}`)
  }
})
