import { checkDocs, format, lint, runVitest, typecheck } from './checks.mjs'
import { ensureGenerated, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode } from './steps.mjs'

/** `npm run verify`: what a commit needs, at once and without a database. */
const checks = {
  lint,
  formatting: format,
  typecheck,
  docs: checkDocs,
  'unit tests': (output) => runVitest('unit', output),
}

try {
  requireNode()
  await ensureInstalled()
  await ensureGenerated()
  const begin = performance.now()
  const seconds = () => ((performance.now() - begin) / 1000).toFixed(1)
  const failures = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const { failed, text } = await check('keep')
      if (failed > 0) console.error(text)
      console.log(`${failed > 0 ? '✗' : '✓'} ${name} (${seconds()} s)`)
      return failed
    }),
  )
  process.exitCode = failures.some((failed) => failed > 0) ? 1 : 0
} catch (error) {
  failScript(error)
}
