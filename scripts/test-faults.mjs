import { runVitest } from './checks.mjs'
import { ensureBuilt, ensureGenerated, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode } from './steps.mjs'

/** `npm run test:faults`: every case in its full form, about 40 minutes. `--fast`: as in `npm test`. */
try {
  requireNode()
  await ensureInstalled()
  await ensureGenerated()
  await ensureBuilt()
  if (!process.argv.includes('--fast')) process.env.NEXUS_FAULTS = 'full'
  const { failed } = await runVitest('faults', 'show')
  process.exitCode = failed > 0 ? 1 : 0
} catch (error) {
  failScript(error)
}
