import { build, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode } from './steps.mjs'

/** `npm run build`: the pages (.next) and the self-hosted server (dist/server.mjs), always from scratch. */
try {
  requireNode()
  await ensureInstalled()
  await build()
} catch (error) {
  failScript(error)
}
