import type { ToolUseBlock } from '@/components/message/prepared-message'
import { stringifyJson } from '@/lib/claude/json'
import type { ConversationRequest } from '@/lib/conversations/get-conversation'

/** Coding clients say in the result of the call which agent it started. */
const namedAgent = /agentId: ([A-Za-z0-9_-]{6,64})/

/** Pure: the branch of the agent that a tool call started; null when the call started none, or none is known. */
export function findSubtask(
  { result }: Pick<ToolUseBlock, 'result'>,
  requests: readonly Pick<ConversationRequest, 'agentId' | 'branchId' | 'isSubtask'>[],
): string | null {
  const agentId = result && namedAgent.exec(stringifyJson(result.raw) ?? '')?.[1]
  if (!agentId) return null
  return requests.find((request) => request.isSubtask && request.agentId === agentId)?.branchId ?? null
}
