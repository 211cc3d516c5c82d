import { LRUCache } from 'lru-cache'
import { prisma } from '@/lib/prisma'
import { shared } from '@/lib/shared'
import type { Actor } from './access'
import { recordAudit } from './audit'
import { clientAddress } from './client-address'
import { requireReadable, type Reach } from './reach'

/** What somebody is about to read. */
export interface BodyView {
  readonly action: 'body.read' | 'body.download' | 'body.export'
  readonly targetType: 'request' | 'conversation'
  readonly targetId: string
  readonly domain: string
}

interface Viewer {
  readonly actor: Actor
  readonly request: Request
  readonly reach: Reach
}

/** One look at a page asks several times. */
const sameViewMs = 600_000
const seen = () => shared('body-views', () => new LRUCache<string, true>({ max: 10_000, ttl: sameViewMs }))

/** Lets somebody read what was said, and writes down that they did. Throws 403 where the domain's policy says no. */
export async function admitToBodies({ actor, request, reach }: Viewer, view: BodyView): Promise<void> {
  requireReadable(reach, view.domain)
  const { action, targetType, targetId, domain } = view
  const sameView = [actor.sessionId ?? actor.name, action, targetType, targetId].join(' ')
  if (action === 'body.read' && seen().has(sameView)) return
  const address = clientAddress(request.headers)
  await recordAudit(prisma(), { actor, action, targetType, targetId, address, detail: { domain } })
  seen().set(sameView, true)
}
