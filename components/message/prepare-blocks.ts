import { asArray, asRecord, asText, isRecord, stringifyJson, type JsonRecord } from '@/lib/claude/json'
import { prepareContent } from './prepare-block'
import type {
  PreparedBlock,
  PreparedConversation,
  PreparedMessage,
  PreparedSystem,
  PreparedTool,
  ToolResult,
} from './prepared-message'

const notParameters = new Set(['model', 'messages', 'system', 'tools'])

/** A request body and its answer (either may be anything, or null) as the renderer draws them. Pure, never throws. */
export function prepareBlocks(body: unknown, answer: unknown): PreparedConversation {
  const request = asRecord(body) ?? {}
  const sent = asArray(request.messages).map((message, index) =>
    prepareMessage(message, { key: `m${index}`, path: `messages[${index}]` }),
  )
  const answered = isRecord(answer) ? prepareMessage(answer, { key: 'answer', path: 'response' }) : null
  const paired = pairResults(answered ? [...sent, answered] : sent)
  return {
    system: prepareSystem(request.system),
    tools: asArray(request.tools).map(prepareTool),
    toolBytes: request.tools === undefined ? 0 : jsonBytes(request.tools),
    messages: answered ? paired.slice(0, -1) : paired,
    turnStart: turnStartOf(sent),
    answer: answered ? (paired.at(-1) ?? null) : null,
    parameters: parametersOf(request),
  }
}

function prepareMessage(value: unknown, { key, path }: { key: string; path: string }): PreparedMessage {
  const message = asRecord(value) ?? {}
  return {
    key,
    role: asText(message.role) ?? 'unknown',
    blocks: prepareContent(message.content, { key, path: `${path}.content` }),
  }
}

function prepareSystem(system: unknown): PreparedSystem | null {
  const blocks = prepareContent(system, { key: 'system', path: 'system' })
  return blocks.length > 0 ? { blocks, bytes: jsonBytes(system) } : null
}

function prepareTool(value: unknown, index: number): PreparedTool {
  const tool = asRecord(value) ?? {}
  return {
    key: `tool${index}`,
    name: asText(tool.name) ?? asText(tool.type) ?? 'unnamed tool',
    description: asText(tool.description, 20_000) ?? '',
    bytes: jsonBytes(value),
    raw: value,
  }
}

/** Each result goes to the nearest call before it with its id; a result without a call stays where it is. */
function pairResults(messages: readonly PreparedMessage[]): PreparedMessage[] {
  const waiting = new Map<string, string>()
  const resultOf = new Map<string, ToolResult>()
  const taken = new Set<string>()
  for (const block of messages.flatMap((message) => message.blocks)) {
    if (block.kind === 'tool_use' && block.id) waiting.set(block.id, block.key)
    const call = block.kind === 'tool_result' ? waiting.get(block.toolUseId) : undefined
    if (block.kind !== 'tool_result' || call === undefined) continue
    waiting.delete(block.toolUseId)
    resultOf.set(call, block.result)
    taken.add(block.key)
  }
  const withResult = (block: PreparedBlock) =>
    block.kind === 'tool_use' ? { ...block, result: resultOf.get(block.key) ?? null } : block
  return messages.map((message) => ({
    ...message,
    blocks: message.blocks.filter((block) => !taken.has(block.key)).map(withResult),
  }))
}

/**
 * A turn begins after the model's last message, or with that message when the turn brings results of its calls.
 * A model message at the very end is a prefill: part of the turn.
 */
function turnStartOf(messages: readonly PreparedMessage[]): number {
  const lastAnswer = messages.slice(0, -1).findLastIndex((message) => message.role === 'assistant')
  const news = messages.slice(lastAnswer + 1)
  const bringsResults = news.some((message) => message.blocks.some((block) => block.kind === 'tool_result'))
  return bringsResults ? Math.max(lastAnswer, 0) : lastAnswer + 1
}

function parametersOf(request: JsonRecord): PreparedConversation['parameters'] {
  return Object.entries(request)
    .filter(([name]) => !notParameters.has(name))
    .map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : (stringifyJson(value) ?? '(too deep to show)'),
    }))
}

function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(stringifyJson(value) ?? '').length
}
