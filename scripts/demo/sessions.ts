import { readFileSync } from 'node:fs'
import type { HeaderList } from '@/lib/proxy/ports'
import type { DemoBlock, DemoUsage } from './answers'
import { answeredCall, failedCall, type DemoCall, type DemoCaller, type Sent } from './calls'
import type { Dice } from './dice'
import { documents, questions, tasks, type Task } from './texts'

const failureShare = 0.025
const codeModels = ['claude-opus-5-5', 'claude-opus-5-5', 'claude-sonnet-4-6'] as const
const tools = ['Agent', 'Bash', 'Edit', 'Glob', 'Grep', 'Read', 'TodoWrite', 'Write'].map((name) => ({
  name,
  description: `${name}: a tool of the coding agent. ${'It says at length when to use it and when not to. '.repeat(12)}`,
  input_schema: { type: 'object', properties: { file_path: { type: 'string' }, command: { type: 'string' } } },
}))
const system = [
  {
    type: 'text',
    text: 'You are Claude Code, Anthropic’s official CLI for Claude.',
    cache_control: { type: 'ephemeral' },
  },
  {
    type: 'text',
    text: `You help with software. ${'Follow the conventions of the repository; be brief; never guess. '.repeat(60)}`,
    cache_control: { type: 'ephemeral' },
  },
]

interface DemoMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string | readonly object[]
}

/** Where a session begins, and who leads it. */
export interface SessionStart {
  readonly caller: DemoCaller
  readonly atMs: number
}

/** A developer at work: prompts, tool calls and their results, the history growing with every call. */
export function playCodeSession({ caller, atMs }: SessionStart, dice: Dice): DemoCall[] {
  const task = dice.pick(tasks)
  const session = new CodeSession(caller, dice)
  session.title(atMs, task)
  let now = atMs
  for (const prompt of [task.prompt, ...task.followUps.slice(0, dice.between(0, task.followUps.length))]) {
    now = session.prompt(now, { ...task, prompt }) + dice.skewed(90_000)
  }
  return session.calls
}

class CodeSession {
  readonly calls: DemoCall[] = []
  private readonly sessionId: string
  private readonly model: string
  private readonly messages: DemoMessage[] = []
  private cachedTokens = 0

  constructor(
    private readonly caller: DemoCaller,
    private readonly dice: Dice,
  ) {
    this.sessionId = dice.uuid()
    this.model = dice.pick(codeModels)
  }

  title(atMs: number, task: Task): void {
    const body = {
      model: 'claude-haiku-5-5',
      messages: [{ role: 'user', content: `<session>\n${task.prompt}\n</session>` }],
      max_tokens: 512,
      output_config: {
        format: { type: 'json_schema', schema: { type: 'object', properties: { title: { type: 'string' } } } },
      },
      stream: true,
    }
    const title = { type: 'text', text: JSON.stringify({ title: task.prompt.split('.')[0] }) } as const
    this.send({ atMs, body }, { content: [title], stopReason: 'end_turn', usage: plainUsage(body, [title]) })
  }

  /** One prompt with all tool calls that it takes; answers when the model was done. */
  prompt(atMs: number, task: Task): number {
    this.messages.push({ role: 'user', content: [{ type: 'text', text: task.prompt }] })
    const results = [...task.files.map(readResult), bashResult(task.command), editResult(task.files[0] ?? '')]
    let now = atMs
    for (const [index, step] of results.entries()) {
      const id = `toolu_01${this.dice.hex(22)}`
      const thinking: DemoBlock = { type: 'thinking', thinking: task.thought, signature: `Eq${this.dice.hex(80)}` }
      const call: DemoBlock = { type: 'tool_use', id, name: step.name, input: step.input }
      now = this.turn(now, index === 0 ? [thinking, call] : [call], 'tool_use')
      this.messages.push({
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: id, content: step.result, ...(step.isError ? { is_error: true } : {}) },
        ],
      })
      now += this.dice.between(50, 4_000)
    }
    return this.turn(now, [{ type: 'text', text: task.answer }], 'end_turn')
  }

  private turn(atMs: number, content: readonly DemoBlock[], stopReason: string): number {
    const messages = this.messages.map((message, index) =>
      index === this.messages.length - 1 ? withCacheMark(message) : message,
    )
    const body = {
      model: this.model,
      messages,
      system,
      tools,
      metadata: {
        user_id: JSON.stringify({ device_id: this.caller.clientKeyId, account_uuid: '', session_id: this.sessionId }),
      },
      max_tokens: 32_000,
      thinking: { type: 'adaptive', display: 'summarized' },
      stream: true,
    }
    const endMs = this.send({ atMs, body }, { content, stopReason, usage: this.cachedUsage(body, content) })
    this.messages.push({ role: 'assistant', content })
    return endMs
  }

  /** What an earlier call of the session sent is read from the cache; the new part is written to it. */
  private cachedUsage(body: object, content: readonly DemoBlock[]): DemoUsage {
    const plain = plainUsage(body, content)
    const fresh = this.dice.between(3, 40)
    const read = Math.min(this.cachedTokens, plain.input_tokens - fresh)
    this.cachedTokens = plain.input_tokens - fresh
    return {
      ...plain,
      input_tokens: fresh,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: this.cachedTokens - read,
    }
  }

  private send(
    { atMs, body }: { atMs: number; body: { model: string } },
    answer: { content: readonly DemoBlock[]; stopReason: string; usage: DemoUsage },
  ): number {
    const sent: Sent = { caller: this.caller, atMs, headers: codeHeaders(this.sessionId), body }
    let at = atMs
    if (this.dice.chance(failureShare)) {
      const failed = failedCall(sent, this.dice)
      this.calls.push(failed)
      // The client tries again after a pause.
      at += failed.durationMs + this.dice.between(500, 4_000)
    }
    const call = answeredCall(
      { ...sent, atMs: at },
      { id: `msg_01${this.dice.hex(22)}`, model: body.model, ...answer },
      this.dice,
    )
    this.calls.push(call)
    return at + call.durationMs
  }
}

/** An application on the SDK: one question, one answer, no history. */
export function playAppCall({ caller, atMs }: SessionStart, dice: Dice): DemoCall[] {
  const isSupport = dice.chance(0.7)
  const [question, answer] = dice.pick(questions)
  const prompt = isSupport ? question : dice.pick(documents)
  // One application still names a model that has no price.
  const model = dice.chance(0.02) ? 'claude-nova-preview' : isSupport ? 'claude-haiku-5-5' : 'claude-sonnet-4-6'
  const body = {
    model,
    max_tokens: 1_024,
    system: 'You answer customers of a software company. Be kind and short.',
    messages: [
      {
        role: 'user',
        content: isSupport
          ? prompt
          : `${prompt}\n\n${'A paragraph of the document that goes with it. '.repeat(dice.between(40, 400))}`,
      },
    ],
    stream: dice.chance(0.5),
  }
  const headers = appHeaders()
  if (dice.chance(failureShare)) return [failedCall({ caller, atMs, headers, body }, dice)]
  const content = [{ type: 'text', text: isSupport ? answer : (tasks[2]?.answer ?? answer) }] as const
  const usage = plainUsage(body, content)
  return [
    answeredCall(
      { caller, atMs, headers, body },
      { id: `msg_01${dice.hex(22)}`, model, content, stopReason: 'end_turn', usage },
      dice,
    ),
  ]
}

interface Step {
  readonly name: string
  readonly input: object
  readonly result: string
  readonly isError?: boolean
}

function readResult(file: string): Step {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => `${String(index + 1).padStart(5)}\t${line}`)
  return { name: 'Read', input: { file_path: `/workspace/${file}` }, result: lines.join('\n') }
}

function bashResult(command: string): Step {
  const isTest = command.includes('vitest')
  const result = isTest
    ? '\u001b[32m✓\u001b[39m 19 tests passed (612 ms)'
    : 'lib/http.ts:52:  } catch (cause) {\nlib/log.ts:14:  } catch {'
  return { name: 'Bash', input: { command, description: isTest ? 'Run the tests' : 'Look for it' }, result }
}

function editResult(file: string): Step {
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .find((text) => text.startsWith('export ')) ?? ''
  const input = { file_path: `/workspace/${file}`, old_string: line, new_string: `/** Newest first. */\n${line}` }
  return { name: 'Edit', input, result: `The file /workspace/${file} has been updated.` }
}

function withCacheMark({ role, content }: DemoMessage): DemoMessage {
  if (typeof content === 'string') return { role, content }
  return {
    role,
    content: content.map((block, index) =>
      index === content.length - 1 ? { ...block, cache_control: { type: 'ephemeral' } } : block,
    ),
  }
}

/** Four bytes are about a token. */
function plainUsage(body: object, content: readonly DemoBlock[]): DemoUsage {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value).length / 4)
  return {
    input_tokens: tokens(body),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: tokens(content),
  }
}

function codeHeaders(sessionId: string): HeaderList {
  return [
    ['user-agent', 'claude-cli/2.1.330 (external, cli)'],
    ['content-type', 'application/json'],
    ['anthropic-version', '2023-06-01'],
    ['anthropic-beta', 'claude-code-20250219,interleaved-thinking-2025-05-14'],
    ['x-claude-code-session-id', sessionId],
    ['x-app', 'cli'],
    ['authorization', '…'],
  ]
}

function appHeaders(): HeaderList {
  return [
    ['user-agent', 'Anthropic/Python 0.99.0'],
    ['content-type', 'application/json'],
    ['anthropic-version', '2023-06-01'],
    ['x-api-key', '…'],
  ]
}
