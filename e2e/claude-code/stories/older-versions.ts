import type { FakeExchange } from '@/lib/testing/fake-claude'
import { bash, isTokenCount, readLongFiles, type Story } from './story'

/** Summer 2025: a script, ids in `metadata.user_id` alone, `Task` for agents. */
const version1 = '1.0.128'
/** The end of 2025: agents that are warmed up beforehand. */
const version2 = '2.0.77'

const task = 'Use Task {"description":"Look around","prompt":"Look around.","subagent_type":"general-purpose"}'
const nearTheLimit = 150_000
const atTheLimit = 170_000

export const version1Session: Story = {
  name: 'version-1',
  calls: [
    'first-turn',
    'tool-output-paths',
    'tool-result',
    'title-by-next-process',
    'asks-task',
    'task',
    'task-result',
    'title-of-task',
    'title-once-more',
    'compaction',
    'title-of-summary',
    'after-compaction',
  ],
  async play(scene) {
    const claude = await scene.open({ version: version1 })
    await claude.print(bash('echo one'), '--allowedTools', 'Bash', 'Task')
    await claude.print('--continue', task, '--allowedTools', 'Bash', 'Task')
    await claude.print('--continue', '/compact')
    await claude.print('--continue', 'And after that?')
  },
}

/** Old tool results give way to a note, in the client, when the context fills; then it compacts of itself. */
export const version1Clearing: Story = {
  name: 'version-1-clearing',
  calls: [
    'asks-tools',
    'tool-results',
    'fills-the-context',
    'cleared',
    'cleared-again',
    'compaction',
    'after-compaction',
  ],
  isLeftOut: (exchange) => isTitleByWords(exchange) || isTokenCount(exchange),
  async play(scene) {
    const claude = await scene.open({ version: version1 })
    await claude.print(await readLongFiles(claude, 10))
    scene.countPromptsAs(nearTheLimit)
    await claude.print('--continue', 'Say two things.')
    await claude.print('--continue', 'Say three things.')
    scene.countPromptsAs(atTheLimit)
    await claude.print('--continue', 'Say four things.')
    scene.countPromptsAs(null)
    await claude.print('--continue', 'Say five things.')
  },
}

function isTitleByWords({ body }: FakeExchange): boolean {
  return body.includes('Please write a 5-10 word title')
}

/** Of a new process's three agents that are warmed up, one is enough. */
export const version2Session: Story = {
  name: 'version-2',
  calls: [
    'first-turn',
    'warm-up',
    'tool-output-paths',
    'tool-result',
    'warm-up',
    'asks-task',
    'task',
    'task-result',
    'warm-up',
    'asks-tools-at-once',
    'tool-results',
    'warm-up',
    'without-all-tools',
    'warm-up',
    'compaction',
    'warm-up',
    'after-compaction',
  ],
  isLeftOut: (exchange) =>
    isTokenCount(exchange) || (exchange.body.includes('"Warmup"') && exchange.body.includes('"name":"Read"')),
  async play(scene) {
    const claude = await scene.open({ version: version2 })
    await claude.print(bash('echo one'), '--allowedTools', 'Bash', 'Task')
    await claude.print('--continue', task, '--allowedTools', 'Bash', 'Task')
    // A new process has only the last of the tools that were asked for at once.
    await claude.print('--continue', await readLongFiles(claude, 3))
    await claude.print('--continue', 'Go on.')
    await claude.print('--continue', '/compact')
    await claude.print('--continue', 'And after that?')
  },
}
