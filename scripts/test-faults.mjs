import { runVitest } from './checks.mjs'
import { ensureBuilt, ensureGenerated, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode } from './steps.mjs'

/** `npm run test:faults`: every case in its full form, about 40 minutes. `--fast`: as in `npm test`. */
try {
  requireNode()
  await ensureInstalled()
  await ensureGenerated()
  await ensureBuilt()
  const isFast = process.argv.includes('--fast')
  if (!isFast) process.env.NEXUS_FAULTS = 'full'
  // A case that loses something in one of two hundred kills has lost it.
  const { failed } = await runVitest('faults', 'show', { retries: isFast ? 1 : 0 })
  process.exitCode = failed > 0 ? 1 : 0
} catch (error) {
  failScript(error)
}
