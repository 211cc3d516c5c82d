import { disconnectDatabase } from '@/lib/db'
import { printFindings } from '@/lib/doctor/print-findings'
import { runDoctor } from '@/lib/doctor/run-doctor'
import { visitFromShell } from '@/lib/doctor/visits'
import { env, EnvironmentError } from '@/lib/env'

/** `npm run doctor [-- --json]`: looks at an installation and says how to put right what is wrong. Exit code 1 = faults. */

// The findings are the output; the log would stand between them.
Object.assign(process.env, { LOG_LEVEL: 'silent', DEBUG: 'false', DEBUG_SQL: 'false' })

try {
  env()
  const findings = await runDoctor(visitFromShell())
  await disconnectDatabase()
  console.log(process.argv.includes('--json') ? JSON.stringify(findings, null, 2) : printFindings(findings))
  process.exitCode = findings.some(({ status }) => status === 'fault') ? 1 : 0
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error
  console.error(error.message)
  process.exitCode = 78
}
