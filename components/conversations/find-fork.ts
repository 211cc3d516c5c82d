import { asArray, asRecord, asText } from '@/lib/claude/json'
import type { Thread } from '@/lib/conversations/load-thread'

/** Pure: how many messages two threads begin with alike, their answers included. */
export function findFork(left: Thread, right: Thread): number {
  const [one, other] = [identitiesOf(left), identitiesOf(right)]
  const different = one.findIndex((identity, index) => identity !== other[index])
  return different < 0 ? one.length : different
}

function identitiesOf({ body, answer }: Thread): string[] {
  const spoken = answer ? [{ role: 'assistant', content: answer.content }] : []
  return [...asArray(body?.messages), ...spoken].map(identityOf)
}

/** A cache mark moves from turn to turn, a single text is a string or a block, and what was thought may be left out. */
function identityOf(message: unknown): string {
  const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown }
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
  const lasting = blocks.filter((block) => !/thinking$/.test(asText(asRecord(block)?.type) ?? ''))
  return JSON.stringify([role, lasting], (key, value: unknown) => (key === 'cache_control' ? undefined : value))
}
