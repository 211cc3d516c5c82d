import { ensureBuilt, ensureGenerated, ensureInstalled } from './prepare.mjs'
import { binOf, failScript, requireNode, root, runProgram } from './steps.mjs'

/** `npm run bench`: builds what is to be measured, then scripts/bench/main.ts measures it. */
try {
  process.chdir(root)
  requireNode()
  await ensureInstalled()
  await ensureGenerated()
  await ensureBuilt()
  const { code } = await runProgram(process.execPath, [binOf('tsx'), 'scripts/bench/main.ts', ...process.argv.slice(2)])
  process.exit(code)
} catch (error) {
  failScript(error)
}
