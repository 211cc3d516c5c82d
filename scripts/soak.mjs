import { ensureBuilt, ensureGenerated, ensureInstalled } from './prepare.mjs'
import { binOf, failScript, requireNode, root, runProgram } from './steps.mjs'

/** `npm run soak`: builds what is to be watched, then scripts/soak/main.ts watches it. */
try {
  process.chdir(root)
  requireNode()
  await ensureInstalled()
  await ensureGenerated()
  await ensureBuilt()
  const { code } = await runProgram(process.execPath, [binOf('tsx'), 'scripts/soak/main.ts', ...process.argv.slice(2)])
  process.exit(code)
} catch (error) {
  failScript(error)
}
