import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startFakeClaude } from '@/lib/testing/fake-claude'
import { startApp } from '@/lib/testing/start-app'
import { accountId, accountKey, clientKey, dashboardKey, domain, setupToken } from './stage'

/** Where the server's output goes; scripts/test-e2e.mjs shows it when a test fails. */
const logFile = '.cache/reports/e2e-server.log'

/** One fake Claude and one server for the whole run; where the server is travels in the environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const credentials = writeCredentials()
  const fake = await startFakeClaude()
  const app = await startApp({
    door: 'fast',
    env: {
      CLAUDE_API_BASE_URL: fake.url,
      CREDENTIALS_DIR: credentials,
      DASHBOARD_API_KEY: dashboardKey,
      SETUP_TOKEN: setupToken,
      // However long the run takes, nobody is asked for a password in between.
      REAUTHENTICATE_AFTER_MS: '86400000',
    },
  })
  Object.assign(process.env, { E2E_BASE_URL: app.url, E2E_DATABASE_URL: app.databaseUrl })
  return async () => {
    await app.stop()
    await fake.close()
    mkdirSync(path.dirname(logFile), { recursive: true })
    writeFileSync(logFile, app.log())
    rmSync(credentials, { recursive: true })
  }
}

function writeCredentials(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-e2e-'))
  const content = { type: 'api_key', accountId, api_key: accountKey, client_api_key: clientKey }
  writeFileSync(path.join(folder, `${domain}.credentials.json`), JSON.stringify(content))
  return folder
}
