import { agent, bash, isHello, isTitle, type Story } from './story'

const tools = ['--allowedTools', 'Bash', 'Agent']

/** One session: a tool, agents in front and behind, a fork, a compaction; then the title of another. */
export const agents: Story = {
  name: 'agents',
  calls: [
    'main-first-turn',
    'main-tool-result',
    'continue-asks-agent',
    'subagent-first-turn',
    'subagent-tool-result',
    'main-agent-result',
    'continue-asks-background-agent',
    'main-background-agent-launched',
    'background-subagent-first-turn',
    'main-background-agent-ended',
    'fork-session',
    'compaction',
    'after-compaction',
    'session-title',
    'other-first-turn',
  ],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open()
    await claude.print(bash('echo one'), ...tools)
    const inFront = { prompt: `Look around. ${bash('echo two')}`, run_in_background: false }
    await claude.print('--continue', agent(inFront), ...tools)
    await claude.print('--continue', agent({ prompt: 'Look again.', run_in_background: true }), ...tools)
    await claude.print('--continue', '--fork-session', 'What if we had not looked?')
    await claude.print('--continue', '/compact')
    await claude.print('--continue', 'And after that?')
    // The title is asked for in the terminal only, and only while other traffic is allowed.
    claude.env.CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC = undefined
    const terminal = await scene.openTerminal(claude, 'Say something short')
    await scene.fake.waitFor(isTitle, 45_000)
    await terminal.close()
  },
}

/** Agents that go on from all that was said: two of them, beside one that knows nothing of it. */
export const forks: Story = {
  name: 'forks',
  calls: ['first-turn', 'asks-forks', 'left', 'right', 'agent', 'forks-result', 'goes-on'],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open()
    await claude.print('Say one thing.')
    const fork = (prompt: string) => agent({ prompt, subagent_type: 'fork', run_in_background: false })
    const sent = [fork('Go left.'), fork('Go right.'), agent({ prompt: 'Go.', run_in_background: false })]
    await claude.print('--continue', sent.join(' and '), ...tools)
    await claude.print('--continue', 'Say two things.')
  },
}
