import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runVitest } from './checks.mjs'
import { ensureBuilt, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode, root, runProgram, step, StepError } from './steps.mjs'

/** `npm run test:claude-code`: the real Claude Code client, in a folder of its own, against the built server. */
const version = '2.1.330'
const folder = path.join(root, '.cache', 'claude-code')

async function ensureClaudeCode() {
  const manifest = path.join(folder, 'node_modules', '@anthropic-ai', 'claude-code', 'package.json')
  const isThere = () => existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version
  if (isThere()) return
  await step(`Installing Claude Code ${version}`, async () => {
    mkdirSync(folder, { recursive: true })
    const args = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      `@anthropic-ai/claude-code@${version}`,
    ]
    const { text } = await runProgram('npm', args, { output: 'keep' })
    if (!isThere()) throw new StepError(`Claude Code could not be installed.\n${text}`)
  })
}

try {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  await ensureClaudeCode()
  const { failed } = await runVitest('claude-code', 'show')
  process.exitCode = failed > 0 ? 1 : 0
} catch (error) {
  failScript(error)
}
