import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ClaudeCode } from '../claude-code'
import type { Terminal } from '../terminal'
import { agent, isHello, type Story } from './story'

/** An overloaded upstream, a turn taken back and said otherwise, an agent that starts an agent. */
export const turns: Story = {
  name: 'turns',
  calls: [
    'first-turn',
    'overloaded',
    'retried',
    'said-otherwise',
    'asks-agent-that-asks',
    'subagent-asks-agent',
    'agent-of-agent',
    'subagent-agent-result',
    'main-nested-result',
  ],
  async play(scene) {
    const claude = await scene.open()
    await claude.print('Say it once.')
    const { sessionId, uuid } = await firstAnswer(claude)
    scene.fake.next('error?status=529')
    await claude.print('--continue', 'Say it twice.')
    await claude.print('--resume', sessionId, '--resume-session-at', uuid, 'Say it otherwise.')
    const inner = agent({ prompt: 'Look deeper.', run_in_background: false })
    await claude.print('--continue', agent({ prompt: inner, run_in_background: false }), '--allowedTools', 'Agent')
  },
}

interface TranscriptLine {
  readonly type: string
  readonly uuid: string
  readonly sessionId: string
}

/** Out of the transcript that the client keeps. */
async function firstAnswer(claude: ClaudeCode): Promise<TranscriptLine> {
  const projects = path.join(claude.env.HOME ?? '', '.claude/projects')
  const file = (await readdir(projects, { recursive: true })).find((name) => name.endsWith('.jsonl')) ?? ''
  const lines = (await readFile(path.join(projects, file), 'utf8')).trim().split('\n')
  const answer = lines.map((line) => JSON.parse(line) as TranscriptLine).find(({ type }) => type === 'assistant')
  if (!answer) throw new Error('The client kept no answer.')
  return answer
}

/** The same in a terminal, with the client's own command. */
export const rewind: Story = {
  name: 'rewind',
  calls: ['first-turn', 'second-turn', 'third-turn', 'said-otherwise', 'goes-on'],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open()
    const terminal = await scene.openTerminal(claude, 'Begin here.')
    await scene.answered('Begin here.')
    await terminal.enter('Go left.')
    await scene.answered('Go left.')
    await terminal.enter('Go further.')
    await scene.answered('Go further.')
    await terminal.enter('/rewind')
    for (const key of ['\u001b[A', '\u001b[A', '\r', '\r']) await terminal.chooseWith(key)
    await terminal.eraseLine()
    await terminal.enter('Go right.')
    await scene.answered('Go right.')
    await terminal.enter('Go on.')
    await scene.answered('Go on.')
    await terminal.close()
  },
}

/** Esc before the first word, of the session and of a turn; then a turn that was refused, which the client asks again. */
export const takenBack: Story = {
  name: 'taken-back',
  calls: [
    'taken-back',
    'said-instead',
    'taken-back-again',
    'said-instead-again',
    'goes-on',
    'refused',
    'asked-again',
    'goes-on-further',
  ],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open()
    scene.fake.next('silent')
    const terminal = await scene.openTerminal(claude, 'Begin badly.')
    await scene.asked('Begin badly.')
    await takeBack(terminal)
    await terminal.enter('Begin well.')
    await scene.answered('Begin well.')
    scene.fake.next('silent')
    await terminal.enter('Go badly.')
    await scene.asked('Go badly.')
    await takeBack(terminal)
    await terminal.enter('Go well.')
    await scene.answered('Go well.')
    await terminal.enter('Go on.')
    await scene.answered('Go on.')
    scene.fake.next('refusal')
    await terminal.enter('Go where none may.')
    await scene.answeredTimes('Go where none may.', 2)
    await terminal.enter('Go further.')
    await scene.answered('Go further.')
    await terminal.close()
  },
}

/** The client puts the words back into its line. */
async function takeBack(terminal: Terminal): Promise<void> {
  await terminal.chooseWith('\u001b')
  await terminal.eraseLine()
}
