import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { checkAccounts } from './check-accounts'
import { checkClients } from './check-clients'
import { checkCredentialFiles } from './check-credential-files'
import { checkDataDir } from './check-data-dir'
import { checkDatabase } from './check-database'
import { checkEnvironment } from './check-environment'
import { checkPublicAddress } from './check-public-address'
import { checkUpstream } from './check-upstream'
import { areas, findingsIn, type Area, type Finding } from './finding'

/** What differs between the page and the command line. */
export interface Visit {
  readonly dotEnv: Readonly<Record<string, unknown>>
  /** Why the database cannot be asked at all; null = ask it. */
  readonly databaseAbsent: Finding | null
  readonly server: () => Promise<Finding[]>
}

const longestCheckMs = 20_000

/** Looks at everything, at once. Never throws: what cannot be looked at is a finding too. */
export async function runDoctor(visit: Visit): Promise<Finding[]> {
  const apart = [
    guarded('Environment', async () => checkEnvironment({ env: env(), dotEnv: visit.dotEnv })),
    guarded('Data folder', checkDataDir),
    guarded('Server', visit.server),
    guarded('Claude API', checkUpstream),
    guarded('Accounts', checkCredentialFiles),
    guarded('Public address', checkPublicAddress),
  ]
  const database = visit.databaseAbsent ? [visit.databaseAbsent] : await guarded('Database', checkDatabase)
  const isUsable = database.every(({ status }) => status === 'ok' || status === 'warning')
  const fromRows = isUsable ? [guarded('Accounts', checkAccounts), guarded('Clients', checkClients)] : []
  const findings = [...database, ...(await Promise.all([...apart, ...fromRows])).flat()]
  return areas.flatMap((area) => findings.filter((finding) => finding.area === area))
}

async function guarded(area: Area, check: () => Promise<Finding[]>): Promise<Finding[]> {
  const { unknown } = findingsIn(area)
  const over = new AbortController()
  const late = delay(longestCheckMs, [unknown('too-slow', 'This could not be looked at in time.')], over)
  try {
    return await Promise.race([check(), late])
  } catch (error) {
    log().warn({ error }, `the doctor could not look at: ${area}`)
    return [unknown('not-checked', 'This could not be looked at; the log says why.')]
  } finally {
    over.abort()
    late.catch(() => undefined)
  }
}
