import { dashboardPool } from '@/lib/db'
import { env } from '@/lib/env'
import { maskSecrets } from '@/lib/log'
import { missingMigrations } from '@/lib/postgres/migrate'
import { describeConnectionError, findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Database')

const oldestVersion = 150_000
const fullShare = 0.8
const skewOfConcernMs = 5_000

interface Facts {
  version: string
  versionNumber: number
  nowMs: number
  used: number
  most: number
}

/** Whether the database answers, has every table and keeps the same time. */
export async function checkDatabase(): Promise<Finding[]> {
  try {
    const askedAt = Date.now()
    const { rows } = await dashboardPool().query<Facts>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNumber",
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs", (SELECT count(*)::int FROM pg_stat_activity) AS used,
         current_setting('max_connections')::int AS most`,
    )
    const tookMs = Date.now() - askedAt
    const facts = rows[0] as Facts
    const skewMs = Math.abs(facts.nowMs - (askedAt + tookMs / 2)) - tookMs / 2
    return [...judgeServer(facts, tookMs), ...(await checkMigrations()), ...judgeSkew(skewMs)]
  } catch (error) {
    return [unreachable(error)]
  }
}

function judgeServer({ version, versionNumber, used, most }: Facts, tookMs: number): Finding[] {
  const findings: Finding[] = []
  if (versionNumber < oldestVersion) {
    const says = `PostgreSQL ${version} is too old.`
    findings.push(fault({ id: 'database-version', says, fix: 'Use PostgreSQL 15 or newer.' }))
  }
  if (used > most * fullShare) {
    const says = `${used} of ${most} database connections are taken.`
    const fix = 'Raise max_connections: each process of the proxy uses up to 14.'
    findings.push(warning({ id: 'database-connections', says, fix }))
  }
  return [ok('database', `PostgreSQL ${version} answers in ${tookMs} ms.`), ...findings]
}

async function checkMigrations(): Promise<Finding[]> {
  const missing = await missingMigrations(dashboardPool())
  if (missing.length === 0) return [ok('migrations', 'Every migration is applied.')]
  const says = `${missing.length} ${missing.length === 1 ? 'migration is' : 'migrations are'} missing, first ${missing[0]}.`
  const fix =
    'Restart the server: it applies them at its start. Or run `npm run migrate`, which says why when it cannot.'
  return [fault({ id: 'migrations', says, fix })]
}

function judgeSkew(skewMs: number): Finding[] {
  if (skewMs < skewOfConcernMs) return []
  const says = `The clocks of this machine and of the database are ${Math.round(skewMs / 1000)} s apart.`
  return [warning({ id: 'clock-database', says, fix: 'Turn on time synchronisation (NTP) on both machines.' })]
}

/** SQLSTATE or network code → what to do. */
const fixes: Record<string, string> = {
  '28P01':
    'Correct the user name and password in DATABASE_URL; special characters must be written as %40 and the like.',
  '28000': 'Allow this user from this machine in pg_hba.conf, or add ?sslmode=require to DATABASE_URL.',
  '3D000': 'Create the database that DATABASE_URL names: createdb -h HOST -U USER NAME.',
  '53300': 'Raise max_connections of the database, or run fewer processes of the proxy.',
  ENOTFOUND: 'Correct the host name in DATABASE_URL.',
}

function unreachable(error: unknown): Finding {
  const code = String((error as { code?: unknown }).code ?? '')
  const isOwn = env().DATABASE_URL === undefined
  const fallback = isOwn
    ? 'Start the server with `npm start`; its log says why when the built-in database does not come up.'
    : 'Start PostgreSQL (`pg_isready -d "$DATABASE_URL"` says when it is up), or correct DATABASE_URL, then restart.'
  return fault({
    id: 'database',
    says: `The database cannot be used: ${maskSecrets(describeConnectionError(error))}.`,
    fix: fixes[code] ?? fallback,
  })
}
