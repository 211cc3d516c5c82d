import { requireTip } from '@/lib/conversations/choose-tip'
import type { Actor } from '@/lib/users/access'
import { admitToBodies, type BodyView } from '@/lib/users/body-views'
import { loadReach, requireSeen } from '@/lib/users/reach'

interface Wanted {
  readonly conversationId: string
  readonly branchId?: string | undefined
  readonly action: BodyView['action']
}

/** The newest turn of a branch, for somebody who may read it; that they did is written down. Throws 403, 404. */
export async function openBranch(reader: { actor: Actor; request: Request }, wanted: Wanted) {
  const { conversationId, branchId, action } = wanted
  const reach = await loadReach(reader.actor)
  const tip = requireSeen(reach, await requireTip(conversationId, branchId ?? null), 'conversation')
  await admitToBodies(
    { ...reader, reach },
    { action, targetType: 'conversation', targetId: conversationId, domain: tip.domain },
  )
  return { tip, reach }
}
