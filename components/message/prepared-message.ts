/**
 * A request body and its answer as the renderer draws them. Everything in it came from outside and is only ever
 * drawn as text; what is not known is kept as `unknown` with its raw JSON.
 */

export interface PreparedConversation {
  readonly system: PreparedSystem | null
  readonly tools: readonly PreparedTool[]
  /** Bytes of the tool definitions as JSON. */
  readonly toolBytes: number
  readonly messages: readonly PreparedMessage[]
  /** Index of the first message that this turn is about; those before were sent in earlier turns. */
  readonly turnStart: number
  readonly answer: PreparedMessage | null
  /** Parameters of the call in the order of the body, e.g. max_tokens. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
}

export interface PreparedSystem {
  readonly blocks: readonly PreparedBlock[]
  readonly bytes: number
}

export interface PreparedTool {
  readonly key: string
  readonly name: string
  readonly description: string
  readonly bytes: number
  readonly raw: unknown
}

export interface PreparedMessage {
  readonly key: string
  readonly role: string
  readonly blocks: readonly PreparedBlock[]
}

interface BlockBase {
  /** Unique in its conversation; also its anchor in the page. */
  readonly key: string
  /** Where it stands in the body, e.g. `messages[2].content[0]`. */
  readonly path: string
  readonly raw: unknown
}

export interface TextBlock extends BlockBase {
  readonly kind: 'text'
  readonly text: string
  /** Text that the client put in, not a person. */
  readonly isReminder: boolean
  readonly citations: readonly PreparedCitation[]
}

export interface PreparedCitation {
  readonly title: string
  /** Only http and https; null = the source has no address. */
  readonly url: string | null
  readonly quote: string
}

interface ThinkingBlock extends BlockBase {
  readonly kind: 'thinking'
  /** Empty when the model did not show it. */
  readonly text: string
}

export interface ToolUseBlock extends BlockBase {
  readonly kind: 'tool_use'
  readonly id: string
  readonly name: string
  /** `client`: run by the caller · `server`: run by the upstream · `mcp`: run by an MCP server. */
  readonly runBy: 'client' | 'server' | 'mcp'
  readonly input: PreparedToolInput
  /** null = no result in this request. */
  readonly result: ToolResult | null
}

export interface ToolResult {
  readonly isError: boolean
  readonly blocks: readonly PreparedBlock[]
  readonly raw: unknown
}

/** A result whose call is not in the request. */
interface ToolResultBlock extends BlockBase {
  readonly kind: 'tool_result'
  readonly toolUseId: string
  readonly result: ToolResult
}

export type PreparedToolInput = {
  /** One line that tells what the call does, e.g. a file path. */
  readonly summary: string
} & (
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'diff'; readonly edits: readonly { readonly before: string; readonly after: string }[] }
  | { readonly kind: 'todo'; readonly items: readonly { readonly text: string; readonly status: string }[] }
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'fields'; readonly fields: readonly PreparedField[] }
)

export interface PreparedField {
  readonly name: string
  readonly text: string
  /** Only http and https; null = no address. */
  readonly url: string | null
}

export interface ImageBlock extends BlockBase {
  readonly kind: 'image'
  readonly mediaType: string
  readonly bytes: number
  /** Ready for <img>; null = not a picture we show. */
  readonly dataUrl: string | null
  /** Where a remote picture lies; it is never loaded. */
  readonly url: string | null
}

export interface DocumentBlock extends BlockBase {
  readonly kind: 'document'
  readonly title: string
  readonly mediaType: string
  readonly bytes: number
  /** Text documents; null = binary or elsewhere. */
  readonly text: string | null
  readonly url: string | null
}

/** One line about something that happened, e.g. another model took over. */
interface NoticeBlock extends BlockBase {
  readonly kind: 'notice'
  readonly text: string
}

interface CompactionBlock extends BlockBase {
  readonly kind: 'compaction'
  readonly text: string
}

interface UnknownBlock extends BlockBase {
  readonly kind: 'unknown'
  readonly type: string
}

export type PreparedBlock =
  | TextBlock
  | ThinkingBlock
  | ToolUseBlock
  | ToolResultBlock
  | ImageBlock
  | DocumentBlock
  | NoticeBlock
  | CompactionBlock
  | UnknownBlock
