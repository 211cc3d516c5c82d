import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startFakeClaude, type FakeClaude, type FakeExchange } from '@/lib/testing/fake-claude'
import { openClaudeCode, type ClaudeCode } from './claude-code'
import { Names, sanitise } from './sanitise'

/**
 * Takes the fixtures of this folder anew from the real client: `npx tsx e2e/claude-code/capture.ts`, best in a
 * network namespace without an outside. Prompts and answers are ours (see lib/testing/fake-claude-agent.ts); the
 * client's prose is replaced (sanitise.ts).
 */
const folder = path.join(import.meta.dirname, 'fixtures')

/** In the order of the calls. */
const fixtureNames = [
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
  'other-overloaded',
  'other-retried',
  'other-said-otherwise',
  'other-asks-agent-that-asks',
  'other-subagent-asks-agent',
  'other-agent-of-agent',
  'other-subagent-agent-result',
  'other-main-nested-result',
]

const bash = (word: string) => `Use Bash {"command":"echo ${word}","description":"Say ${word}"}`
const agent = (input: object) =>
  `Use Agent ${JSON.stringify({ description: 'Look around', subagent_type: 'general-purpose', ...input })}`

async function capture(fake: FakeClaude, claude: ClaudeCode): Promise<FakeExchange[]> {
  const tools = ['--allowedTools', 'Bash', 'Agent']
  await claude.print(bash('one'), ...tools)
  await claude.print('--continue', agent({ prompt: `Look around. ${bash('two')}`, run_in_background: false }), ...tools)
  await claude.print('--continue', agent({ prompt: 'Look again.', run_in_background: true }), ...tools)
  await claude.print('--continue', '--fork-session', 'What if we had not looked?')
  await claude.print('--continue', '/compact')
  await claude.print('--continue', 'And after that?')
  return [...fake.requests]
}

/** Another session: an overloaded upstream, a turn taken back and said otherwise, an agent that starts an agent. */
async function captureOther(fake: FakeClaude, claude: ClaudeCode): Promise<FakeExchange[]> {
  const before = fake.requests.length
  await claude.print('Say it once.')
  const { sessionId, uuid } = await firstAnswer(claude)
  fake.next('error?status=529')
  await claude.print('--continue', 'Say it twice.')
  await claude.print('--resume', sessionId, '--resume-session-at', uuid, 'Say it otherwise.')
  const inner = agent({ prompt: 'Look deeper.', run_in_background: false })
  await claude.print('--continue', agent({ prompt: inner, run_in_background: false }), '--allowedTools', 'Agent')
  return fake.requests.slice(before)
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

/** The title is asked for in the terminal only, and only while other traffic is allowed. */
async function captureTitle(fake: FakeClaude, claude: ClaudeCode): Promise<FakeExchange> {
  const answered = { hasCompletedOnboarding: true, projects: { [claude.workDir]: { hasTrustDialogAccepted: true } } }
  await writeFile(path.join(claude.env.HOME ?? '', '.claude.json'), JSON.stringify(answered))
  const terminal = spawn('script', ['-qec', `${claude.program} "Say something short"`, '/dev/null'], {
    cwd: claude.workDir,
    env: { ...claude.env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: undefined, DISABLE_AUTOUPDATER: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  try {
    return await fake.waitFor((exchange) => exchange.body.includes('json_schema'), 45_000)
  } finally {
    terminal.kill()
  }
}

const fake = await startFakeClaude()
const target = { baseUrl: fake.url, token: 'sk-ant-api03-capture' }
const [claude, other] = [await openClaudeCode(target), await openClaudeCode(target)]
const names = new Names({
  ...{ [claude.workDir]: '/home/dev/project', [claude.env.HOME ?? '']: '/home/dev' },
  ...{ [other.workDir]: '/home/dev/other', [other.env.HOME ?? '']: '/home/dev' },
})
const exchanges = [
  ...(await capture(fake, claude)),
  await captureTitle(fake, claude),
  ...(await captureOther(fake, other)),
]
if (exchanges.length !== fixtureNames.length) throw new Error(`The client made ${exchanges.length} calls.`)
await mkdir(folder, { recursive: true })
for (const [index, exchange] of exchanges.entries()) {
  const captured = sanitise(exchange, names)
  const name = `${String(index + 1).padStart(2, '0')}-${fixtureNames[index]}.json`
  await writeFile(path.join(folder, name), `${JSON.stringify(captured, null, 2)}\n`)
}
await claude.remove()
await other.remove()
await fake.close()
