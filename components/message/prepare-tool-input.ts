import { asArray, asRecord, asText, clip, isRecord, stringifyJson, type JsonRecord } from '@/lib/claude/json'
import { cleanText } from './clean-text'
import type { PreparedToolInput } from './prepared-message'

type Prepare = (input: JsonRecord) => PreparedToolInput | null

const longestSummary = 160

/** One line without breaks. */
function summaryOf(text: unknown): string {
  return typeof text === 'string' ? clip(cleanText(text).replace(/\s+/g, ' ').trim(), longestSummary) : ''
}

const bash: Prepare = (input) =>
  typeof input.command === 'string'
    ? { kind: 'code', summary: summaryOf(input.description ?? input.command), code: input.command }
    : null

const write: Prepare = (input) =>
  typeof input.content === 'string' ? { kind: 'code', summary: summaryOf(input.file_path), code: input.content } : null

const edit: Prepare = (input) => {
  const edits = (Array.isArray(input.edits) ? input.edits : [input]).flatMap((one: unknown) => {
    const { old_string: before, new_string: after } = asRecord(one) ?? {}
    return typeof before === 'string' && typeof after === 'string' ? [{ before, after }] : []
  })
  return edits.length > 0 ? { kind: 'diff', summary: summaryOf(input.file_path), edits } : null
}

const todo: Prepare = (input) => {
  if (!Array.isArray(input.todos)) return null
  const items = asArray(input.todos).map((item) => {
    const { content, status } = asRecord(item) ?? {}
    return { text: asText(content, 1_000) ?? '', status: asText(status) ?? 'pending' }
  })
  return {
    kind: 'todo',
    summary: `${items.filter((item) => item.status === 'completed').length} of ${items.length} done`,
    items,
  }
}

const agent: Prepare = (input) =>
  typeof input.prompt === 'string'
    ? { kind: 'prompt', summary: summaryOf(input.description ?? input.prompt), text: input.prompt }
    : null

/** Tools of Claude Code that read better than their JSON. */
const known = new Map<string, Prepare>([
  ['Bash', bash],
  ['Write', write],
  ['Edit', edit],
  ['MultiEdit', edit],
  ['TodoWrite', todo],
  ['Task', agent],
  ['Agent', agent],
])

/** How the input of a tool call is drawn. An input that does not look as expected is drawn as JSON. */
export function prepareToolInput(name: string, input: unknown): PreparedToolInput {
  const prepared = isRecord(input) ? known.get(name)?.(input) : null
  return prepared ?? { kind: 'json', summary: summaryOf(firstTextOf(input)), value: input }
}

const telling = ['file_path', 'path', 'pattern', 'query', 'url', 'command', 'description', 'name', 'skill']

function firstTextOf(input: unknown): string {
  if (!isRecord(input)) return stringifyJson(input) ?? ''
  const name = telling.find((key) => typeof input[key] === 'string')
  return name ? String(input[name]) : (stringifyJson(input) ?? '')
}
