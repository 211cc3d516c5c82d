import { secretsOfDataDir } from './env-secrets'

/** A process that makes its secrets in a data directory when it is told to, and says which ones it has. */
const [, , dataDir = ''] = process.argv
process.stdin.once('data', () => {
  const { values } = secretsOfDataDir(dataDir, { NEXTAUTH_SECRET: undefined, ENCRYPTION_KEY: undefined })
  process.stdout.write(JSON.stringify(values), () => process.exit())
})
process.stdout.write('ready')
