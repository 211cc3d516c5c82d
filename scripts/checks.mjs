import { existsSync } from 'node:fs'
import path from 'node:path'
import { binOf, root, runProgram, runTool } from './steps.mjs'
import { newReport, readPlaywright, readVitest } from './test-reports.mjs'

/** The checks that `npm run verify` and `npm test` are made of. Each resolves with `{ passed, failed, text }`. */

const node = (args, output) => runProgram(process.execPath, args, { output })
const once = ({ code, text }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, text })

export const lint = async (output) =>
  once(
    await node([binOf('eslint'), '.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint'], output),
  )

export const format = async (output) =>
  once(
    await node(
      [binOf('prettier'), '.', '--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier'],
      output,
    ),
  )

export async function typecheck(output) {
  // Next declares what an image or a style sheet is; a fresh clone lacks its declarations.
  if (!existsSync(path.join(root, 'next-env.d.ts'))) await runTool('next', 'typegen')
  return once(await node([binOf('typescript'), '--noEmit'], output))
}

export const checkDocs = async (output) => once(await node(['scripts/check-docs.mjs'], output))

export async function runVitest(project, output, { retries = 0 } = {}) {
  const report = newReport(`vitest-${project}`)
  const strays = newReport(`strays-${project}`)
  const reporters = ['default', 'json', 'scripts/strays-reporter.mjs'].map((name) => `--reporter=${name}`)
  const { code, text } = await runProgram(
    process.execPath,
    [
      ...[binOf('vitest'), 'run', '--project', project, '--passWithNoTests', `--retry=${retries}`],
      ...[...reporters, `--outputFile.json=${report}`],
    ],
    { output, env: { NEXUS_STRAYS: strays } },
  )
  return { ...readVitest({ report, strays, code }), text }
}

export async function runPlaywright(args, { env, retries, output = 'show' }) {
  const report = newReport('playwright')
  const { code, text } = await runProgram(
    process.execPath,
    [binOf('@playwright/test'), 'test', '--reporter=list,json', `--retries=${retries}`, ...args],
    { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, output },
  )
  return { ...readPlaywright({ report, code }), text }
}
