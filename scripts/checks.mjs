import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { binOf, root, runProgram, runTool } from './steps.mjs'

/** The checks that `npm run verify` and `npm test` are made of. Each resolves with `{ passed, failed, text }`. */

const node = (args, output) => runProgram(process.execPath, args, { output })
const once = ({ code, text }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, text })

export const lint = async (output) =>
  once(
    await node([binOf('eslint'), '.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint'], output),
  )

export async function typecheck(output) {
  // Next declares what an image or a style sheet is; a fresh clone lacks its declarations.
  if (!existsSync(path.join(root, 'next-env.d.ts'))) await runTool('next', 'typegen')
  return once(await node([binOf('typescript'), '--noEmit'], output))
}

export const checkDocs = async (output) => once(await node(['scripts/check-docs.mjs'], output))

export async function runVitest(project, output) {
  const report = reportFile(`vitest-${project}`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code, text } = await node(
    [binOf('vitest'), 'run', '--project', project, '--passWithNoTests', ...reporters],
    output,
  )
  return { ...countVitest(report, code), text }
}

function countVitest(report, code) {
  const result = readReport(report)
  // A file that cannot be loaded has no test to fail.
  const unloaded = result?.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return sure(result?.numPassedTests ?? 0, (result?.numFailedTests ?? 0) + (unloaded ?? 0), code)
}

export async function runPlaywright(args, output, env) {
  const report = reportFile('playwright')
  const { code, text } = await runProgram(
    process.execPath,
    [binOf('@playwright/test'), 'test', '--reporter=list,json', ...args],
    {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      output,
    },
  )
  const { stats } = readReport(report) ?? {}
  return { ...sure((stats?.expected ?? 0) + (stats?.flaky ?? 0), stats?.unexpected ?? 0, code), text }
}

/** A run that failed without a failed test (a crash, a time limit) counts as one failure. */
function sure(passed, failed, code) {
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) }
}

function reportFile(name) {
  const file = path.join(root, '.cache', 'reports', `${name}.json`)
  mkdirSync(path.dirname(file), { recursive: true })
  rmSync(file, { force: true })
  return file
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
