import { spawn } from 'node:child_process'
import { ensureGenerated, ensureInstalled } from './prepare.mjs'
import { binOf, failScript, leaveWithNpm, quiet, readSettings, requireNode, root } from './steps.mjs'

/** `npm run dev`: the pages with hot reload; the API answers through its route handler. */
try {
  process.chdir(root)
  requireNode()
  leaveWithNpm()
  readSettings()
  await ensureInstalled()
  await ensureGenerated()
  runNext()
} catch (error) {
  failScript(error)
}

function runNext() {
  const { PORT = '3000', HOST = '127.0.0.1' } = process.env
  const env = { ...process.env, ...quiet }
  const child = spawn(process.execPath, [binOf('next'), 'dev', '--port', PORT, '--hostname', HOST], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  // Ctrl-C reaches the child by itself; this process stays until the child has gone.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('close', (code) => process.exit(code ?? 1))
}
