import { lastPrompt, lastText, type MessagesBody } from './fake-claude-body'
import type { Turn, TurnBlock } from './fake-claude-turns'

/** The prompt that Claude Code sends when it wants the conversation summed up. */
const compactionMarker =
  /Your task is to create a detailed summary|This summary will be placed at the start of a continuing session/
/** Whether a command may be run. */
const safetyMarker = /respond with <severity>/i
const directive = /\bUse (\w+) (?=\{)/g

interface Directive {
  readonly name: string
  readonly input: object
  /** 0 = first round; a `then` before the directive starts the next round. */
  readonly round: number
}

/**
 * Plays the model for a real agent. A prompt such as
 *   Use Bash {"command":"echo hi"} then Use Write {"file_path":"a.txt","content":"x"}
 * becomes one round of tool calls after the other, then a closing text; everything else is answered with a text.
 */
export function agentTurn(body: MessagesBody): Turn {
  const prompt = lastPrompt(body)
  if (body.output_config?.format) return saying(answerInForm(body))
  if (compactionMarker.test(lastText(body))) return saying(compactionAnswer)
  if (safetyMarker.test(lastText(body))) return saying('<severity>1</severity>')
  if (body.tools?.length === 1 && body.tools[0]?.type?.startsWith('web_search')) return saying('Nothing was found.')
  const calls = readDirectives(prompt.text).filter((call) => call.round === prompt.round && isOffered(body, call.name))
  if (calls.length === 0) return saying(closing(prompt))
  const blocks: TurnBlock[] = calls.map(({ name, input }) => ({ kind: 'tool', type: 'tool_use', name, input }))
  return { blocks: [{ kind: 'text', text: `Round ${prompt.round + 1}.` }, ...blocks], stopReason: 'tool_use' }
}

const compactionAnswer =
  '<analysis>We went through the conversation from its start to its end.</analysis>\n' +
  `<summary>The user tried the proxy with a few short prompts. ${'Each was answered and nothing is left open. '.repeat(3)}</summary>`

/** A title is asked for, or whether something may pass. */
function answerInForm(body: MessagesBody): string {
  const asksTitle = JSON.stringify(body.output_config?.format).includes('"title"')
  return asksTitle ? '{"title":"A conversation with the fake"}' : '{"ok":true,"reason":"Nothing is wrong."}'
}

function saying(text: string): Turn {
  return { blocks: [{ kind: 'text', text }], stopReason: 'end_turn' }
}

function closing(prompt: { text: string; round: number }): string {
  const quoted = prompt.text.replace(/\s+/g, ' ').trim().slice(0, 60)
  return prompt.round > 0 ? `Done after ${prompt.round} round(s): ${quoted}` : `You said: ${quoted}`
}

/** A message thread names its tools once, at its start. */
function isOffered(body: MessagesBody, name: string): boolean {
  if (body.thread?.type === 'continue') return true
  return body.tools?.some((tool) => tool.name === name) ?? false
}

function readDirectives(text: string): Directive[] {
  const found: Directive[] = []
  let round = 0
  let end = 0
  for (const match of text.matchAll(directive)) {
    const start = match.index + match[0].length
    // A directive inside the JSON of an earlier one belongs to that one.
    if (match.index < end) continue
    const input = readObject(text, start)
    if (!input) continue
    if (found.length > 0 && /\bthen\b/.test(text.slice(end, match.index))) round += 1
    found.push({ name: match[1] ?? '', input: input.value, round })
    end = input.end
  }
  return found
}

/** The JSON object that begins at `start`: the shortest text up to a closing brace that parses. */
function readObject(text: string, start: number): { value: object; end: number } | null {
  for (let end = text.indexOf('}', start) + 1; end > 0; end = text.indexOf('}', end) + 1) {
    try {
      return { value: JSON.parse(text.slice(start, end)) as object, end }
    } catch {
      // Not complete yet: try up to the next brace.
    }
  }
  return null
}
