import { runVitest } from './checks.mjs'
import { ensureBuilt, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode } from './steps.mjs'

/** `npm run test:security`: who may ask what, and that no secret leaves, against the built server. */
try {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  const { failed } = await runVitest('security', 'show')
  process.exitCode = failed > 0 ? 1 : 0
} catch (error) {
  failScript(error)
}
