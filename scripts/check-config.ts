import { describeConfig, findUnusedNames } from '@/lib/doctor/effective-config'
import { readDotEnv } from '@/lib/dot-env'
import { EnvironmentError } from '@/lib/env'
import { readStoredSecrets } from '@/lib/env-secrets'

/** `npm run check-config`: the configuration as a start would take it, and where each value comes from. */

const shell = { ...process.env }
const { values: dotEnv, problem } = readDotEnv()
const dataDir = shell.NEXUS_DATA_DIR || dotEnv.NEXUS_DATA_DIR || './data'

try {
  const generated = Object.keys(readStoredSecrets(dataDir))
  const lines = describeConfig({ shell, dotEnv, generated })
  const width = Math.max(...lines.map(({ name }) => name.length))
  for (const { name, value, source } of lines)
    console.log(`${name.padEnd(width)}  ${value}${source === 'default' ? '' : `  [${source}]`}`)
  if (problem) console.log(`\n! ${problem.says} ${problem.fix}`)
  for (const { name, meant } of findUnusedNames(dotEnv))
    console.log(`\n! ${name} in .env is read by nobody.${meant ? ` Did you mean ${meant}?` : ''}`)
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error
  console.error(error.message)
  // As the server itself ends with an environment it cannot use.
  process.exitCode = 78
}
