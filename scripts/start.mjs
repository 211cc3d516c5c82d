import { ensureBuilt, ensureInstalled } from './prepare.mjs'
import { failScript, leaveWithNpm, quiet, readSettings, requireNode, root } from './steps.mjs'

/** `npm start`: from a fresh clone to a running server. What is done already is not done again. */
try {
  process.chdir(root)
  requireNode()
  leaveWithNpm()
  readSettings()
  await ensureInstalled()
  const server = await ensureBuilt()
  Object.assign(process.env, quiet, { NODE_ENV: 'production' })
  // In this very process: signals and the exit code are the server's own.
  await import(server)
} catch (error) {
  failScript(error)
}
