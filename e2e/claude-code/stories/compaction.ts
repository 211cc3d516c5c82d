import type { FakeExchange } from '@/lib/testing/fake-claude'
import { bash, isHello, isTitle, isTokenCount, type Story } from './story'

const nearTheLimit = 990_000

/** `/compact` in a terminal keeps the last answer; with the title before it and counted tokens after it. */
export const compactionInTerminal: Story = {
  name: 'compaction-in-terminal',
  calls: [
    'session-title',
    'first-turn',
    'second-turn',
    'asks-tool',
    'tool-result',
    'compaction',
    'after-compaction',
    'token-count',
    'goes-on',
  ],
  isLeftOut: (exchange) => isHello(exchange) || isSmallCount(exchange),
  async play(scene) {
    const claude = await scene.open({ env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: undefined } })
    const terminal = await scene.openTerminal(claude, 'Say one thing.', '--allowedTools', 'Bash')
    await scene.fake.waitFor((exchange) => isTitle(exchange) && exchange.response.finished, 45_000)
    await scene.answered('Say one thing.')
    await terminal.enter('Say two things.')
    await scene.answered('Say two things.')
    await terminal.enter(bash('echo three'))
    await scene.answered('"tool_result"')
    await terminal.enter('/compact')
    await scene.answered('CRITICAL: Respond')
    await terminal.enter('Say four things.')
    await scene.answered('Say four things.')
    await terminal.enter('/context')
    await scene.answered('"name":"Bash"', '/v1/messages/count_tokens')
    await terminal.enter('Say five things.')
    await scene.answered('Say five things.')
    await terminal.close()
  },
}

/** One count is like the other; the one with all tools stays. */
function isSmallCount(exchange: FakeExchange): boolean {
  return isTokenCount(exchange) && exchange.body.length < 20_000
}

/** The client compacts of itself when the context is full: before a turn, and in the midst of one. */
export const automaticCompaction: Story = {
  name: 'automatic-compaction',
  calls: [
    'first-turn',
    'tool-result',
    'fills-the-context',
    'compaction-before-turn',
    'after-compaction',
    'other-first-turn',
    'other-asks-tool',
    'other-fills-the-context',
    'other-compaction-within-turn',
    'other-after-compaction',
    'other-goes-on',
  ],
  async play(scene) {
    const claude = await scene.open()
    await claude.print(bash('echo one'), '--allowedTools', 'Bash')
    scene.fake.next(`auto?prompt=${nearTheLimit}`)
    await claude.print('--continue', 'Say two things.')
    await claude.print('--continue', 'Say three things.')
    const other = await scene.open()
    await other.print('Say nothing yet.')
    scene.fake.next('auto')
    scene.fake.next(`auto?prompt=${nearTheLimit}`)
    const rounds = ['echo one', 'echo two', 'echo three'].map(bash).join(' then ')
    await other.print('--continue', rounds, '--allowedTools', 'Bash')
    await other.print('--continue', 'And now?')
  },
}
