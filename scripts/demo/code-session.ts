import { plainUsage, type DemoBlock, type DemoUsage } from './answers'
import { answeredCall, failedCall, overloaded, type DemoCall, type SessionStart } from './calls'
import {
  codeHeaders,
  codeTools,
  metadataOf,
  subagentSystem,
  systemOf,
  type AgentIds,
  type DemoTool,
  type Project,
} from './code-client'
import type { Dice } from './dice'
import { PromptCache, tokensOf } from './prompt-cache'
import type { Step } from './steps'
import { failureShare } from './texts'

const sideModel = 'claude-haiku-5-5'

interface DemoMessage {
  readonly role: 'user' | 'assistant'
  readonly content: readonly object[]
}

/** What one agent is asked to do for another. */
interface Assignment {
  readonly description: string
  readonly prompt: string
  readonly isInBackground?: boolean
}

interface Answer {
  readonly content: readonly DemoBlock[]
  readonly stopReason: string
}

/** A session of a coding client: its calls, whoever of its agents makes them. */
export class CodeSession {
  readonly calls: DemoCall[] = []
  readonly sessionId: string
  private readonly cache = new PromptCache()

  constructor(
    readonly start: SessionStart,
    readonly project: Project,
    readonly dice: Dice,
  ) {
    this.sessionId = dice.uuid()
  }

  /** The agent that the developer talks to. */
  lead(model: string): CodeAgent {
    const agent = new CodeAgent(this, { sessionId: this.sessionId }, this.start.atMs)
    agent.model = model
    return agent
  }

  /** A call beside the conversation. */
  side(atMs: number, given: object, content: readonly DemoBlock[]): number {
    const body = { model: sideModel, max_tokens: 512, stream: true, ...given }
    const usage = plainUsage(body, content)
    return this.send({ atMs, body, ids: this, isTurn: false }, { content, stopReason: 'end_turn', usage })
  }

  title(atMs: number, prompt: string, title: string): void {
    const schema = { type: 'object', properties: { title: { type: 'string' } } }
    this.side(
      atMs,
      {
        messages: [{ role: 'user', content: `<session>\n${prompt}\n</session>` }],
        output_config: { format: { type: 'json_schema', schema } },
      },
      [{ type: 'text', text: JSON.stringify({ title }) }],
    )
  }

  send(
    call: { atMs: number; body: { model: string }; ids: AgentIds; isTurn: boolean; isLeft?: boolean },
    answer: Answer & { usage: DemoUsage },
  ): number {
    const { atMs, body, ids, isTurn, isLeft } = call
    const sent = { caller: this.start.caller, atMs, headers: codeHeaders(ids, isTurn), body, isLeft }
    let at = atMs
    if (this.dice.chance(failureShare)) {
      const refused = failedCall(sent, this.dice)
      this.calls.push(refused)
      // The client tries again after a pause.
      at += refused.durationMs + this.dice.between(500, 4_000)
    }
    const id = `msg_01${this.dice.hex(22)}`
    const made = answeredCall({ ...sent, atMs: at }, { id, model: body.model, ...answer }, this.dice)
    this.calls.push(made)
    return at + made.durationMs
  }

  /** An earlier prompt's beginning is read from the cache; the rest of this one is written to it. */
  usageOf(model: string, prompt: string, { atMs, answer }: { atMs: number; answer: Answer }) {
    const all = tokensOf(prompt.length)
    const fresh = this.dice.between(3, 40)
    const read = Math.min(this.cache.read(model, prompt, atMs), all - fresh)
    return {
      input_tokens: fresh,
      cache_creation_input_tokens: all - fresh - read,
      cache_read_input_tokens: read,
      output_tokens: tokensOf(JSON.stringify(answer.content).length),
    }
  }
}

/** One agent: its history grows with every turn. */
export class CodeAgent {
  model = sideModel
  tools: readonly DemoTool[] = codeTools
  private messages: DemoMessage[] = []
  /** The call that this agent was started by. */
  private toolUseId = ''
  private report = ''

  constructor(
    private readonly session: CodeSession,
    private readonly ids: AgentIds,
    public nowMs: number,
  ) {}

  get length(): number {
    return this.messages.length
  }

  ask(prompt: string, ...more: readonly object[]): void {
    this.messages.push({ role: 'user', content: [...more, { type: 'text', text: prompt }] })
  }

  /** The last thing the agent has to say on what it was asked. */
  say(text: string, thought?: string): void {
    this.turn({ content: [...this.thinking(thought), { type: 'text', text }], stopReason: 'end_turn' })
    this.report = text
  }

  /** One turn that calls tools, all at once, and what came of them. */
  use(steps: readonly Step[], thought?: string): void {
    const { dice } = this.session
    const calls = steps.map(
      ({ name, input }) => ({ type: 'tool_use', id: `toolu_01${dice.hex(22)}`, name, input }) as const,
    )
    this.turn({ content: [...this.thinking(thought), ...calls], stopReason: 'tool_use' })
    const results = steps.map(({ result, isError }, index) => ({
      type: 'tool_result',
      tool_use_id: calls[index]?.id,
      content: result,
      ...(isError ? { is_error: true } : {}),
    }))
    this.messages.push({ role: 'user', content: results })
    this.pause(dice.between(50, 4_000))
  }

  /** Calls agents for parts of the work. Those in the background are on their own at once. */
  delegate<const Given extends readonly Assignment[]>(assignments: Given, thought?: string) {
    const { dice, sessionId } = this.session
    const calls = assignments.map(({ description, prompt, isInBackground }) => ({
      type: 'tool_use' as const,
      id: `toolu_01${dice.hex(22)}`,
      name: 'Agent',
      input: {
        ...{ description, prompt, subagent_type: 'general-purpose' },
        ...(isInBackground ? { run_in_background: true } : {}),
      },
    }))
    this.turn({ content: [...this.thinking(thought), ...calls], stopReason: 'tool_use' })
    const agents = assignments.map(({ prompt }, index) => {
      const agentId = `a${dice.hex(16)}`
      const agent = new CodeAgent(this.session, { sessionId, agentId, parentAgentId: this.ids.agentId }, this.nowMs)
      agent.toolUseId = calls[index]?.id ?? ''
      agent.pause(dice.between(80, 900))
      agent.ask(prompt)
      return agent
    })
    return agents as { [Place in keyof Given]: CodeAgent }
  }

  /** Goes on without waiting for an agent. */
  leaveRunning({ toolUseId, ids }: CodeAgent): void {
    const content = [{ type: 'text', text: `Async agent launched successfully.\nagentId: ${ids.agentId}` }]
    this.messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: toolUseId, content }] })
  }

  /** An agent in the background came to its end. */
  hearOf({ ids, toolUseId, report, nowMs }: CodeAgent, description: string): void {
    this.nowMs = Math.max(this.nowMs, nowMs)
    this.ask(
      `<system-reminder>\n[SYSTEM NOTIFICATION - NOT USER INPUT]\nA task has ended.\n<task-notification>\n<task-id>${ids.agentId}</task-id>\n<tool-use-id>${toolUseId}</tool-use-id>\n<status>completed</status>\n<summary>Agent "${description}" finished</summary>\n<result>${report}</result>\n</task-notification>\n</system-reminder>`,
    )
  }

  /** Waits for agents and takes their reports. */
  collect(agents: readonly CodeAgent[]): void {
    const results = agents.map(({ toolUseId, report }) => ({
      type: 'tool_result',
      tool_use_id: toolUseId,
      content: [{ type: 'text', text: report }],
    }))
    this.messages.push({ role: 'user', content: results })
    this.nowMs = Math.max(this.nowMs, ...agents.map(({ nowMs }) => nowMs)) + this.session.dice.between(30, 300)
  }

  pause(ms: number): void {
    this.nowMs += ms
  }

  /** The developer takes back what came after so many messages. */
  goBackTo(length: number): void {
    this.messages = this.messages.slice(0, length)
  }

  /** The upstream refuses the next turn so many times; the client waits longer each time. */
  meetOverload(times: number): void {
    const { session } = this
    for (let attempt = 0; attempt < times; attempt += 1) {
      const sent = {
        caller: session.start.caller,
        atMs: this.nowMs,
        headers: codeHeaders(this.ids, true),
        body: this.body(),
      }
      const refused = failedCall(sent, session.dice, overloaded)
      session.calls.push(refused)
      this.pause(refused.durationMs + 1_000 * 2 ** attempt)
    }
  }

  /** The answer begins, and the developer stops it. */
  interrupt(text: string): void {
    const answer: Answer = { content: [{ type: 'text', text }], stopReason: 'end_turn' }
    this.nowMs = this.send(answer, true)
    this.messages.push({ role: 'user', content: [{ type: 'text', text: '[Request interrupted by user]' }] })
  }

  /** The history is summed up; what comes next goes on from the summary. */
  compact(summary: string, next: string): void {
    this.ask(compactionPrompt)
    const text = `<analysis>\nThe conversation from its start to its end.\n</analysis>\n\n<summary>\n${summary}\n</summary>`
    this.say(text)
    this.messages = []
    this.pause(2_000)
    this.ask(next, { type: 'text', text: `${continued}\n\nSummary:\n${summary}\n\nPlease continue the conversation.` })
  }

  private thinking(thought: string | undefined): DemoBlock[] {
    return thought ? [{ type: 'thinking', thinking: thought, signature: `Eq${this.session.dice.hex(80)}` }] : []
  }

  private turn(answer: Answer): void {
    this.nowMs = this.send(answer)
    this.messages.push({ role: 'assistant', content: answer.content })
  }

  private send(answer: Answer, isLeft = false): number {
    const body = this.body()
    const prompt = JSON.stringify([this.tools, body.system, this.messages])
    const usage = this.session.usageOf(this.model, prompt, { atMs: this.nowMs, answer })
    return this.session.send({ atMs: this.nowMs, body, ids: this.ids, isTurn: true, isLeft }, { ...answer, usage })
  }

  private body() {
    const { start, project } = this.session
    return {
      model: this.model,
      messages: this.messages.map((message, index) =>
        index === this.messages.length - 1 ? withCacheMark(message) : message,
      ),
      system: this.ids.agentId ? subagentSystem : systemOf(project),
      tools: this.tools,
      metadata: metadataOf(start.caller, this.ids),
      max_tokens: 32_000,
      thinking: { type: 'adaptive', display: 'summarized' },
      stream: true,
    }
  }
}

const compactionPrompt =
  'CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\n\nYour task is to create a detailed summary of the conversation so far.'
const continued =
  'This session is being continued from a previous conversation that ran out of context. The summary below covers the earlier portion of the conversation.'

function withCacheMark({ role, content }: DemoMessage): DemoMessage {
  const last = content.length - 1
  return {
    role,
    content: content.map((block, index) =>
      index === last ? { ...block, cache_control: { type: 'ephemeral' } } : block,
    ),
  }
}
