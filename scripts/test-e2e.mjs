import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runPlaywright } from './checks.mjs'
import { ensureChromium } from './chromium.mjs'
import { ensureBuilt, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode, root } from './steps.mjs'

/** `npm run test:e2e [-- playwright arguments]`: the browser tests against the built server. */
export async function testInBrowser(args = [], { retries = 0 } = {}) {
  const CHROMIUM_PATH = await ensureChromium()
  const result = await runPlaywright(args, { retries, env: { CHROMIUM_PATH } })
  if (result.failed > 0) showServerLog()
  return result
}

function showServerLog() {
  const file = path.join(root, '.cache', 'reports', 'e2e-server.log')
  if (!existsSync(file)) return
  console.log(`The server's log (${file}) ends with:`)
  console.log(readFileSync(file, 'utf8').trim().split('\n').slice(-80).join('\n'))
}

if (process.argv[1] === import.meta.filename) {
  try {
    requireNode()
    await ensureInstalled()
    await ensureBuilt()
    const { failed } = await testInBrowser(process.argv.slice(2))
    process.exitCode = failed > 0 ? 1 : 0
  } catch (error) {
    failScript(error)
  }
}
