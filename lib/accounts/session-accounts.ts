import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { shared } from '@/lib/shared'

/** A session that has been quiet for longer begins anew: no prompt cache lives longer. */
export const sessionIdleMs = 3_600_000
/** The last use is written no oftener: it only has to outlive the idle time. */
const touchEveryMs = 300_000
const maxRemembered = 50_000

interface SessionPlace {
  readonly accountId: string
  /** When the session came to this account. */
  readonly movedAtMs: number
  readonly usedAtMs: number
}

/** Which account each session is in. In memory; account-state.ts keeps it equal to what other processes know. */
class SessionAccounts {
  private readonly known = new LRUCache<string, SessionPlace>({ max: maxRemembered })
  private readonly unsaved = new Set<string>()
  private readonly savedUseMs = new LRUCache<string, { atMs: number }>({ max: maxRemembered })

  /** null = new, or idle for so long that it counts as new. */
  get(key: string, nowMs: number): string | null {
    const place = this.known.get(key)
    return place && nowMs - place.usedAtMs < sessionIdleMs ? place.accountId : null
  }

  /** A call of the session goes to this account now. */
  note(key: string, accountId: string, nowMs: number): void {
    const before = this.known.get(key)
    const movedAtMs = before?.accountId === accountId ? before.movedAtMs : nowMs
    this.known.set(key, { accountId, movedAtMs, usedAtMs: nowMs })
    const savedMs = this.savedUseMs.get(key)?.atMs ?? 0
    if (movedAtMs === nowMs || nowMs - savedMs >= touchEveryMs) this.unsaved.add(key)
  }

  /** Takes what another process has stored, unless this one knows of a later move. */
  learn(key: string, stored: SessionPlace): void {
    const own = this.known.get(key)
    if (own && own.movedAtMs > stored.movedAtMs) return
    this.known.set(key, { ...stored, usedAtMs: Math.max(stored.usedAtMs, own?.usedAtMs ?? 0) })
  }

  takeUnsaved(nowMs: number): [key: string, place: SessionPlace][] {
    const taken = [...this.unsaved].flatMap((key) => {
      const place = this.known.get(key)
      return place ? [[key, place] as [string, SessionPlace]] : []
    })
    this.unsaved.clear()
    for (const [key] of taken) this.savedUseMs.set(key, { atMs: nowMs })
    return taken
  }

  putBack(key: string): void {
    this.unsaved.add(key)
  }
}

export function sessionAccounts(): SessionAccounts {
  return shared('accounts.sessions', () => new SessionAccounts())
}

/** Names a session without the client's own word for it; never the same in two domains. */
export function sessionKey(domainId: string, session: string): string {
  return hash('sha256', `${domainId}|${session}`, 'buffer').subarray(0, 16).toString('base64')
}
