import { asArray, asRecord, asText, isRecord, type JsonRecord } from '@/lib/claude/json'
import { mcpToolOf, prepareToolInput } from './prepare-tool-input'
import type { PreparedBlock, PreparedCitation, ToolResult, ToolUseBlock } from './prepared-message'
import { base64Bytes, safeImageUrl, safeUrl } from './safe-url'

interface BlockPlace {
  readonly key: string
  readonly path: string
}

type Prepare = (block: JsonRecord, base: BlockPlace & { raw: unknown }) => PreparedBlock

/** Blocks inside of results inside of results: deeper ones are drawn as JSON. */
const deepest = 4

const text: Prepare = (block, base) => {
  const written = typeof block.text === 'string' ? block.text : ''
  const isReminder = /^\s*<system-reminder>/.test(written)
  return { ...base, kind: 'text', text: written, isReminder, citations: asArray(block.citations).map(prepareCitation) }
}

function prepareCitation(value: unknown): PreparedCitation {
  const citation = asRecord(value) ?? {}
  const url = safeUrl(citation.url ?? citation.source)
  return {
    title: asText(citation.title ?? citation.document_title) ?? url ?? 'source',
    url,
    quote: asText(citation.cited_text, 2_000) ?? '',
  }
}

const thinking: Prepare = (block, base) => ({ ...base, kind: 'thinking', text: asText(block.thinking, Infinity) ?? '' })

const toolUse =
  (runBy: ToolUseBlock['runBy']): Prepare =>
  (block, base) => {
    const name = asText(block.name) ?? 'unnamed tool'
    const mcp = mcpToolOf(name)
    const server = mcp?.server ?? (runBy === 'mcp' ? asText(block.server_name) : null)
    return {
      ...base,
      kind: 'tool_use',
      id: asText(block.id) ?? '',
      name: server ? `${server} · ${mcp?.tool ?? name}` : name,
      runBy: mcp ? 'mcp' : runBy,
      input: prepareToolInput(runBy === 'mcp' && server ? `mcp__${server}__${name}` : name, block.input),
      result: null,
    }
  }

const toolResult: Prepare = (block, base) => ({
  ...base,
  kind: 'tool_result',
  toolUseId: asText(block.tool_use_id) ?? '',
  result: prepareResult(block, base),
})

function prepareResult(block: JsonRecord, { key, path }: BlockPlace): ToolResult {
  // Server tools answer with one object, e.g. {type: "web_search_tool_result_error", …}.
  const isFailure = (asText(asRecord(block.content)?.type) ?? '').endsWith('_error')
  const content = isRecord(block.content) ? [block.content] : block.content
  return {
    isError: block.is_error === true || isFailure,
    blocks: prepareContent(content, { key, path: `${path}.content` }),
    raw: block,
  }
}

const image: Prepare = (block, base) => {
  const source = asRecord(block.source) ?? {}
  const data = typeof source.data === 'string' ? source.data : ''
  const mediaType = asText(source.media_type) ?? (source.type === 'url' ? 'remote picture' : 'picture')
  return {
    ...base,
    kind: 'image',
    mediaType,
    bytes: base64Bytes(data),
    dataUrl: safeImageUrl(source.media_type, source.data),
    url: safeUrl(source.url),
  }
}

const document: Prepare = (block, base) => {
  const source = asRecord(block.source) ?? {}
  const data = typeof source.data === 'string' ? source.data : ''
  const isText = source.type === 'text'
  const mediaType = asText(source.media_type) ?? 'document'
  const bytes = isText ? data.length : base64Bytes(data)
  return {
    ...base,
    kind: 'document',
    title: asText(block.title) ?? mediaType,
    mediaType,
    bytes,
    text: isText ? data : null,
    url: safeUrl(source.url),
  }
}

const searchResult: Prepare = (block, base) => ({
  ...base,
  kind: 'document',
  title: asText(block.title) ?? 'search result',
  mediaType: asText(block.page_age) ?? 'search result',
  bytes: 0,
  text: textOf(block.content),
  url: safeUrl(block.url ?? block.source),
})

function textOf(content: unknown): string | null {
  const texts = asArray(content).flatMap((part) =>
    typeof asRecord(part)?.text === 'string' ? [String(asRecord(part)?.text)] : [],
  )
  return texts.length > 0 ? texts.join('\n\n') : null
}

/** What a code tool printed. */
const output: Prepare = (block, base) => {
  const written = [block.stdout, block.stderr].filter((part): part is string => typeof part === 'string' && part !== '')
  return { ...base, kind: 'text', text: written.join('\n'), isReminder: false, citations: [] }
}

const compaction: Prepare = (block, base) => ({
  ...base,
  kind: 'compaction',
  text: asText(block.content, Infinity) ?? '',
})

const fallback: Prepare = (block, base) => {
  const model = (end: unknown) => asText(asRecord(end)?.model) ?? 'another model'
  const reason = asText(asRecord(block.trigger)?.category) ?? asText(asRecord(block.trigger)?.type)
  return {
    ...base,
    kind: 'notice',
    text: `${model(block.from)} handed over to ${model(block.to)}${reason ? ` (${reason})` : ''}`,
  }
}

const toolReference: Prepare = (block, base) => ({
  ...base,
  kind: 'notice',
  text: `Tool ${asText(block.tool_name) ?? asText(block.name) ?? ''}`,
})

const containerUpload: Prepare = (block, base) => ({
  ...base,
  kind: 'notice',
  text: `File ${asText(block.file_id) ?? ''} uploaded to the container`,
})

const prepares = new Map<unknown, Prepare>([
  ['text', text],
  ['connector_text', text],
  ['thinking', thinking],
  ['redacted_thinking', thinking],
  ['tool_use', toolUse('client')],
  ['server_tool_use', toolUse('server')],
  ['mcp_tool_use', toolUse('mcp')],
  ['tool_result', toolResult],
  ['mcp_tool_result', toolResult],
  ['image', image],
  ['document', document],
  ['search_result', searchResult],
  ['web_search_result', searchResult],
  ['bash_code_execution_result', output],
  ['code_execution_result', output],
  ['compaction', compaction],
  ['fallback', fallback],
  ['tool_reference', toolReference],
  ['container_upload', containerUpload],
])

/** `web_search_tool_result`, `code_execution_tool_result` and those still to come. */
const isResultType = (type: unknown) => typeof type === 'string' && type.endsWith('_tool_result')

/** The blocks of a `content` value: a string, a list of blocks, or anything else. */
export function prepareContent(content: unknown, { key, path }: BlockPlace): PreparedBlock[] {
  if (content === undefined || content === null || content === '') return []
  if (typeof content === 'string') return [prepareBlock({ type: 'text', text: content }, { key: `${key}-0`, path })]
  if (!Array.isArray(content)) return [prepareBlock(content, { key: `${key}-0`, path })]
  return content.map((block: unknown, index) =>
    prepareBlock(block, { key: `${key}-${index}`, path: `${path}[${index}]` }),
  )
}

function prepareBlock(block: unknown, place: BlockPlace): PreparedBlock {
  const base = { ...place, raw: block }
  const isTooDeep = place.key.split('-').length > deepest + 1
  if (!isRecord(block) || isTooDeep)
    return { ...base, kind: 'unknown', type: asText(asRecord(block)?.type) ?? typeof block }
  const prepare = prepares.get(block.type) ?? (isResultType(block.type) ? toolResult : null)
  return prepare?.(block, base) ?? { ...base, kind: 'unknown', type: asText(block.type) ?? 'untyped' }
}
