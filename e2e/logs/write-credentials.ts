import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface WrittenCredentials {
  readonly folder: string
  readonly domain: string
  readonly clientKey: string
  readonly apiKey: string
}

/** One domain with an account and a client key, as a credential file below a folder. */
export function writeCredentials(home: string): WrittenCredentials {
  const written = {
    folder: path.join(home, 'credentials'),
    domain: 'team-a.example.com',
    clientKey: 'cnp_live_of-this-test-0123456789',
    apiKey: 'sk-ant-api03-of-the-account-of-this-test',
  }
  const file = { type: 'api_key', accountId: 'acc_team_a', api_key: written.apiKey, client_api_key: written.clientKey }
  mkdirSync(written.folder)
  writeFileSync(path.join(written.folder, `${written.domain}.credentials.json`), JSON.stringify(file), { mode: 0o600 })
  return written
}
