import { asArray, asRecord, asText, stringifyJson, type JsonRecord } from '@/lib/claude/json'

/** What a context consists of, in the order in which it is drawn from below. */
export const contextParts = ['system', 'tools', 'instructions', 'toolCalls', 'thinking', 'chat'] as const
export type ContextPart = (typeof contextParts)[number]
export type PartSizes = Readonly<Record<ContextPart, number>>

/** Sizes in bytes of text, as far as they become tokens. */
export interface ContextMeasure {
  /** What stands before the messages. */
  readonly frame: PartSizes
  readonly messages: readonly PartSizes[]
  readonly tools: readonly ToolGroup[]
}

export interface ToolGroup {
  /** The MCP server; '' = tools of the client itself. */
  readonly server: string
  readonly toolCount: number
  readonly bytes: number
}

export const noSizes: PartSizes = { system: 0, tools: 0, instructions: 0, toolCalls: 0, thinking: 0, chat: 0 }

/** A picture costs tokens by its area, not by its bytes; this is one of ordinary size, at four bytes a token. */
const pictureBytes = 6_000
const instructionFile = /(?:\bclaudeMd\b|\bContents of \S+\.md\b|\b(?:CLAUDE|AGENTS|GEMINI)(?:\.local)?\.md\b)/
const deepest = 4

/** Pure: how much of a request body is what. */
export function measureContext(body: JsonRecord): ContextMeasure {
  const tools = groupTools(asArray(body.tools))
  const system = blocksOf(body.system).map((block) => sizeOfBlock(block, 'system'))
  const toolBytes = tools.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    frame: addSizes([...system, { ...noSizes, tools: toolBytes }]),
    messages: asArray(body.messages).map((message) => {
      const { role, content } = asRecord(message) ?? {}
      return addSizes(blocksOf(content).map((block) => sizeOfBlock(block, asText(role))))
    }),
    tools,
  }
}

export function addSizes(all: readonly PartSizes[]): PartSizes {
  const sum = { ...noSizes }
  for (const sizes of all) for (const part of contextParts) sum[part] += sizes[part]
  return sum
}

function groupTools(tools: readonly unknown[]): ToolGroup[] {
  const groups = new Map<string, ToolGroup>()
  for (const tool of tools) {
    const server = serverOf(asText(asRecord(tool)?.name) ?? '')
    const { toolCount, bytes } = groups.get(server) ?? { toolCount: 0, bytes: 0 }
    groups.set(server, { server, toolCount: toolCount + 1, bytes: bytes + bytesOf(stringifyJson(tool)) })
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes)
}

/** Clients call the tools of MCP servers `mcp__<server>__<tool>`. */
function serverOf(toolName: string): string {
  return /^mcp__(.+?)__/.exec(toolName)?.[1] ?? ''
}

function blocksOf(content: unknown): readonly unknown[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
}

function sizeOfBlock(value: unknown, role: string | null): PartSizes {
  const block = asRecord(value)
  if (!block) return noSizes
  return { ...noSizes, [partOf(block, role)]: bytesOfBlock(block) }
}

function partOf({ type, text }: JsonRecord, role: string | null): ContextPart {
  if (type === 'thinking' || type === 'redacted_thinking') return 'thinking'
  if (typeof type === 'string' && /tool_(?:use|result)$/.test(type)) return 'toolCalls'
  if (typeof text !== 'string') return 'chat'
  const isReminder = text.trimStart().startsWith('<system-reminder>')
  if ((isReminder || role === 'system') && instructionFile.test(text)) return 'instructions'
  return isReminder || role === 'system' ? 'system' : 'chat'
}

function bytesOfBlock(block: JsonRecord, depth = 0): number {
  switch (block.type) {
    case 'text':
      return bytesOf(block.text)
    case 'image':
      return pictureBytes
    case 'thinking':
      // What the model does not show is still sent along, in the signature.
      return Math.max(bytesOf(block.thinking), bytesOf(block.signature))
    case 'tool_use':
      return bytesOf(block.name) + bytesOf(stringifyJson(block.input))
    case 'tool_result':
      return depth > deepest
        ? 0
        : sum(blocksOf(block.content), (inner) => bytesOfBlock(asRecord(inner) ?? {}, depth + 1))
    default:
      return bytesOf(stringifyJson(block))
  }
}

function sum(values: readonly unknown[], sizeOf: (value: unknown) => number): number {
  return values.reduce<number>((total, value) => total + sizeOf(value), 0)
}

function bytesOf(text: unknown): number {
  return typeof text === 'string' ? Buffer.byteLength(text) : 0
}
