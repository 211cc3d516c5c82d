import { setTimeout as delay } from 'node:timers/promises'
import type { DotEnv } from '@/lib/dot-env'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { checkAccounts } from './check-accounts'
import { checkClients } from './check-clients'
import { checkCredentialFiles } from './check-credential-files'
import { checkDataDir } from './check-data-dir'
import { checkDatabase } from './check-database'
import { checkEnvironment } from './check-environment'
import { checkProcesses } from './check-processes'
import { checkPublicAddress } from './check-public-address'
import { checkSingleSignOn } from './check-single-sign-on'
import { checkUpstream } from './check-upstream'
import { areas, findingsIn, type Area, type Finding } from './finding'

/** What differs between the page and the command line. */
export interface Visit {
  readonly dotEnv: DotEnv
  /** Why the database cannot be asked at all; null = ask it. */
  readonly databaseAbsent: Finding | null
  readonly server: () => Promise<Finding[]>
}

const longestCheckMs = 20_000

/** Looks at everything, at once. Never throws: what cannot be looked at is a finding too. */
export async function runDoctor(visit: Visit): Promise<Finding[]> {
  const apart = [
    guarded('Environment', async () => checkEnvironment({ env: env(), dotEnv: visit.dotEnv })),
    guarded('Environment', checkSingleSignOn),
    guarded('Data folder', checkDataDir),
    guarded('Claude API', checkUpstream),
    guarded('Accounts', checkCredentialFiles),
    checkFromOutside(visit),
    checkDatabaseAndRows(visit),
  ]
  const findings = (await Promise.all(apart)).flat()
  return areas.flatMap((area) => findings.filter((finding) => finding.area === area))
}

/** A server that does not run cannot be reached either; saying so twice helps nobody. */
async function checkFromOutside({ server }: Visit): Promise<Finding[]> {
  const findings = await guarded('Server', server)
  const isUp = findings.some(({ id }) => id === 'server')
  return isUp ? [...findings, ...(await guarded('Public address', checkPublicAddress))] : findings
}

async function checkDatabaseAndRows({ databaseAbsent }: Visit): Promise<Finding[]> {
  if (databaseAbsent) return [databaseAbsent]
  const findings = await guarded('Database', checkDatabase)
  const isUsable = findings.every(({ status }) => status === 'ok' || status === 'warning')
  if (!isUsable) return findings
  const fromRows = await Promise.all([
    guarded('Server', checkProcesses),
    guarded('Accounts', checkAccounts),
    guarded('Clients', checkClients),
  ])
  return [...findings, ...fromRows.flat()]
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
