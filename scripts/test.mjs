import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { checkDocs, format, lint, runVitest, typecheck } from './checks.mjs'
import { fetchPrograms } from './programs.mjs'
import { build, ensureGenerated, ensureInstalled } from './prepare.mjs'
import { requireNode, root } from './steps.mjs'
import { testInBrowser } from './test-e2e.mjs'

/**
 * Where a machine that is slow for a moment can upset a test. Who needed it is named at the end. Bytes, faults and
 * security get none: what is lost or let in once is.
 */
const secondTry = { retries: 1 }

/**
 * `npm test`: everything, from a fresh clone. A stage that fails does not stop the others, except that without
 * a build there is nothing to run the later ones against. The last line is `N passed, N failed`.
 */
const stages = [
  { name: 'lint', run: () => lint('show') },
  { name: 'formatting', run: () => format('show') },
  { name: 'types', run: () => typecheck('show') },
  { name: 'docs', run: () => checkDocs('show') },
  { name: 'unit tests', run: () => runVitest('unit', 'show') },
  { name: 'database tests', run: () => runVitest('db', 'show', secondTry) },
  { name: 'production build', run: buildOnce },
  { name: 'conformance tests', needs: 'production build', run: () => runVitest('conformance', 'show') },
  { name: 'system tests', needs: 'production build', run: () => runVitest('system', 'show', secondTry) },
  { name: 'security tests', needs: 'production build', run: () => runVitest('security', 'show') },
  { name: 'fault tests', needs: 'production build', run: () => runVitest('faults', 'show') },
  { name: 'browser tests', needs: 'production build', run: () => testInBrowser([], secondTry) },
]

async function buildOnce() {
  await build()
  return { passed: 1, failed: 0 }
}

/** For .ci/run: npm prints lines of its own after a failure. */
const resultFile = path.join(root, '.cache', 'reports', 'result.txt')
const results = []

async function runStage({ name, needs = 'preparation', run }) {
  if (results.some((result) => result.name === needs && result.failed > 0)) {
    return { name, passed: 0, failed: 1, seconds: 0, note: `not run: the ${needs} failed` }
  }
  console.log(`\n━━ ${name} ━━`)
  const begin = performance.now()
  const result = await run().catch(reportCrash)
  return { name, ...result, seconds: (performance.now() - begin) / 1000 }
}

function reportCrash(error) {
  console.error(error.message)
  return { passed: 0, failed: 1 }
}

function printSummary() {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  console.log('\n━━ summary ━━')
  for (const { name, passed, failed, seconds, note = '' } of results) {
    const figures = `${String(passed).padStart(6)} passed ${String(failed).padStart(5)} failed ${seconds.toFixed(1).padStart(7)} s`
    console.log(`${failed > 0 ? '✗' : '✓'} ${name.padEnd(18)} ${figures}  ${note}`.trimEnd())
  }
  printStrays()
  const lastLine = `${sum('passed')} passed, ${sum('failed')} failed`
  writeFileSync(resultFile, `${lastLine}\n`)
  console.log(lastLine)
  process.exitCode = sum('failed') > 0 ? 1 : 0
}

/** What to look at, together at the end: nobody has to search a long log for it. */
function printStrays() {
  for (const { failures = [], secondTries = [] } of results) {
    for (const { title, message } of failures) console.log(`\n✗ ${title}\n${message.slice(0, 2_000)}`)
    for (const title of secondTries) console.log(`↻ passed only at its second try, which is a fault: ${title}`)
  }
}

const prepare = async () => {
  requireNode()
  await ensureInstalled()
  await ensureGenerated()
  await fetchPrograms()
  return { passed: 0, failed: 0 }
}

mkdirSync(path.dirname(resultFile), { recursive: true })
rmSync(resultFile, { force: true })
for (const stage of [{ name: 'preparation', run: prepare }, ...stages]) results.push(await runStage(stage))
printSummary()
