import { asArray, asRecord, asText, clip, isRecord, stringifyJson, type JsonRecord } from '@/lib/claude/json'
import { cleanText } from './clean-text'
import { prepareFields } from './prepare-fields'
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

/** Short members by their names; what they are about in one line. */
const named =
  (describe: (input: JsonRecord) => readonly unknown[]): Prepare =>
  (input) => {
    const fields = prepareFields(input)
    const words = describe(input).filter((word) => typeof word === 'string' && word !== '')
    return fields && { kind: 'fields', summary: summaryOf(words.join(' ')), fields }
  }

const within = (path: unknown) => (typeof path === 'string' && path !== '' ? `in ${path}` : '')
const fromLine = (offset: unknown) => (typeof offset === 'number' ? `from line ${offset}` : '')
const read = named((input) => [input.file_path, fromLine(input.offset)])
const search = named((input) => [input.pattern, within(input.path), input.glob])

/** Tools of Claude Code that read better than their JSON. */
const known = new Map<string, Prepare>([
  ['Bash', bash],
  ['Write', write],
  ['Edit', edit],
  ['MultiEdit', edit],
  ['TodoWrite', todo],
  ['Task', agent],
  ['Agent', agent],
  ['Read', read],
  ['Grep', search],
  ['Glob', search],
  ['WebFetch', named((input) => [input.url])],
  ['web_fetch', named((input) => [input.url])],
  ['WebSearch', named((input) => [input.query])],
  ['web_search', named((input) => [input.query])],
])
const ofMcpServer = named((input) => [firstTextOf(input)])

/** How the input of a tool call is drawn. An input that does not look as expected is drawn as JSON. */
export function prepareToolInput(name: string, input: unknown): PreparedToolInput {
  const prepare = known.get(name) ?? (mcpToolOf(name) ? ofMcpServer : null)
  const prepared = isRecord(input) ? prepare?.(input) : null
  return prepared ?? { kind: 'json', summary: summaryOf(firstTextOf(input)), value: input }
}

/** Clients call the tools of MCP servers `mcp__<server>__<tool>`. */
export function mcpToolOf(name: string): { server: string; tool: string } | null {
  const [prefix, server, ...rest] = name.split('__')
  const tool = rest.join('__')
  return prefix === 'mcp' && server && tool ? { server, tool } : null
}

const telling = [
  'file_path',
  'path',
  'pattern',
  'query',
  'sql',
  'url',
  'command',
  'title',
  'description',
  'name',
  'skill',
]

function firstTextOf(input: unknown): string {
  if (!isRecord(input)) return stringifyJson(input) ?? ''
  const name = telling.find((key) => typeof input[key] === 'string')
  return name ? String(input[name]) : (stringifyJson(input) ?? '')
}
