/** What the browser tests know of the server they run against. All values are made up. */
export const setupToken = 'e2e-setup-token-0123456789'
export const dashboardKey = 'e2e-dashboard-key-0123456789'
export const owner = { name: 'Ada Owner', email: 'ada@example.com', password: 'copper lantern meadow seven' }

/** A domain whose client key and account come from a credential file. */
export const domain = 'team-a.example.com'
export const clientKey = 'cnp_live_e2e-team-a-0123456789abcdef'
export const accountId = 'acc_team_a'
export const accountKey = 'sk-ant-api03-e2e-team-a'

/** Cookies of the owner, made once by log-in.setup.ts. */
export const ownerState = '.cache/e2e/owner.json'

export const baseUrl = (): string => requireFact('E2E_BASE_URL')
/** PostgreSQL behind the server, for a test that needs rows which calls cannot make. */
export const databaseUrl = (): string => requireFact('E2E_DATABASE_URL')

function requireFact(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is set by e2e/global-setup.ts: run \`npm run test:e2e\`.`)
  return value
}
