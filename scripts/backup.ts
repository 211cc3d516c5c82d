import { parseArgs } from 'node:util'
import { env, EnvironmentError } from '@/lib/env'
import { backUp } from '@/lib/postgres/backup'

/** `npm run backup -- --to FOLDER [--keep 7]`: a copy of this installation that was started once and looked into. */

const usage = 'Say where to: npm run backup -- --to /backups [--keep 7]'

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: 'string' }, keep: { type: 'string' } } })
  const keep = values.keep === undefined ? null : Number(values.keep)
  if (!values.to || (keep !== null && !(Number.isInteger(keep) && keep > 0))) throw new Error(usage)
  const { DATABASE_URL, NEXUS_DATA_DIR: dataDir, CREDENTIALS_DIR: credentialsDir } = env()
  if (DATABASE_URL) throw new Error(ownDatabase)
  const { folder, requests, removed } = await backUp({
    ...{ dataDir, credentialsDir, settingsFile: '.env' },
    ...{ to: values.to, keep },
  })
  console.log(`${folder}: ${requests} ${requests === 1 ? 'request' : 'requests'}, started and checked.`)
  for (const name of removed) console.log(`removed ${name}`)
}

const ownDatabase = `DATABASE_URL names a PostgreSQL of your own, whose backup is its own affair:
  pg_dump -Fc "$DATABASE_URL" > nexus.dump
Keep ENCRYPTION_KEY and NEXTAUTH_SECRET apart from it, and the data folder for its journal (docs/operations.md).`

// The report is the output; the log would stand between.
Object.assign(process.env, { LOG_LEVEL: 'silent', DEBUG: 'false', DEBUG_SQL: 'false' })
try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = error instanceof EnvironmentError ? 78 : 1
}
