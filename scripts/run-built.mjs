import { ensureBuilt, ensureGenerated, ensureInstalled } from './prepare.mjs'
import { binOf, failScript, requireNode, root, runProgram } from './steps.mjs'

/** Builds the product where that is not done, and runs a program that works on it, with the arguments of the shell. */
export async function runBuilt(program) {
  try {
    process.chdir(root)
    requireNode()
    await ensureInstalled()
    await ensureGenerated()
    await ensureBuilt()
    const { code } = await runProgram(process.execPath, [binOf('tsx'), program, ...process.argv.slice(2)])
    process.exit(code)
  } catch (error) {
    failScript(error)
  }
}
