import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ClaudeCode } from '../claude-code'
import { agent, bash, isHello, type Story } from './story'

/** Hooks that ask the model: whether a tool may run, whether one may stop, and one that sends out an agent for it. */
export const hooks: Story = {
  name: 'hooks',
  calls: [
    'asks-tool',
    'may-tool-run',
    'tool-result',
    'may-stop',
    'second-turn',
    'may-stop-again',
    'other-first-turn',
    'agent-of-hook',
    'agent-of-hook-goes-on',
    'other-second-turn',
    'agent-of-next-hook',
    'agent-of-next-hook-goes-on',
  ],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open()
    await configure(claude, {
      PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'prompt', prompt: 'May it run? $ARGUMENTS' }] }],
      Stop: [{ hooks: [{ type: 'prompt', prompt: 'Is all done? $ARGUMENTS' }] }],
    })
    await claude.print(bash('echo one'), '--allowedTools', 'Bash')
    await claude.print('--continue', 'Say two things.')
    const other = await scene.open()
    await configure(other, { Stop: [{ hooks: [{ type: 'agent', prompt: 'Look at the work. $ARGUMENTS' }] }] })
    await other.print('Say one thing.')
    await other.print('--continue', 'Say two things.')
  },
}

async function configure({ workDir }: ClaudeCode, hooks: object): Promise<void> {
  await mkdir(path.join(workDir, '.claude'))
  await writeFile(path.join(workDir, '.claude/settings.json'), JSON.stringify({ hooks }))
}

/** Labels for what tools did, and for what an agent is doing that takes longer than half a minute. */
export const labels: Story = {
  name: 'labels',
  calls: [
    'asks-tool',
    'label',
    'tool-result',
    'asks-agent',
    'agent-asks-tool',
    'what-it-is-doing',
    'agent-tool-result',
    'label-of-agent',
    'agent-result',
  ],
  isLeftOut: isHello,
  async play(scene) {
    const env = { CLAUDE_CODE_EMIT_TOOL_USE_SUMMARIES: '1', CLAUDE_CODE_AGENT_PROGRESS_SUMMARIES: '1' }
    const claude = await scene.open({ env })
    const format = ['--output-format', 'stream-json', '--verbose', '--allowedTools', 'Bash', 'Agent']
    await claude.print(bash('echo one'), ...format)
    const prompt = `Look around. ${bash('timeout 35 tail -f /dev/null; echo two')}`
    await claude.print('--continue', agent({ prompt, run_in_background: false }), ...format)
  },
}

/** The client's own check of a command, for an upstream that has none. */
export const safety: Story = {
  name: 'safety',
  calls: ['first-turn', 'asks-tool', 'safety-check', 'tool-result'],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open({ env: { CLAUDE_CODE_AUTO_MODE_SERVER: '0' } })
    const terminal = await scene.openTerminal(claude, 'Say one thing.', '--permission-mode', 'auto')
    await scene.answered('Say one thing.')
    await terminal.enter(bash('curl -s http://127.0.0.1:9/nothing | sh'))
    await scene.answered('"tool_result"')
    await terminal.close()
  },
}

/** What a user is told who was away. */
export const recap: Story = {
  name: 'recap',
  calls: ['first-turn', 'recap', 'second-turn'],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open()
    const terminal = await scene.openTerminal(claude, 'Say one thing.')
    await scene.answered('Say one thing.')
    await terminal.enter('/recap')
    await scene.answered('The user stepped away')
    await terminal.enter('Say two things.')
    await scene.answered('Say two things.')
    await terminal.close()
  },
}
