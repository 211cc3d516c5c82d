import { hotPool } from '@/lib/db'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'

const writeEveryMs = 60_000
/** Uses of a moment share one statement, and a new key's first use shows soon. */
const gatherMs = 1_000
const maxRemembered = 50_000

interface KeyUses {
  pending: Map<string, Date>
  writtenAtMs: Map<string, number>
  timer: NodeJS.Timeout | null
}

const uses = () => shared<KeyUses>('clients.uses', () => ({ pending: new Map(), writtenAtMs: new Map(), timer: null }))

/** Remembers that a key was used; `last_used_at` is written later, at most once a minute for a key. */
export function noteClientKeyUse(clientKeyId: string, now = new Date()): void {
  const { pending, writtenAtMs } = uses()
  const writtenMs = writtenAtMs.get(clientKeyId) ?? 0
  if (now.getTime() - writtenMs < writeEveryMs || pending.size >= maxRemembered) return
  pending.set(clientKeyId, now)
  schedule()
}

function schedule(): void {
  const state = uses()
  if (state.timer) return
  state.timer = setTimeout(() => void saveClientKeyUses(), gatherMs)
  state.timer.unref()
}

/** Writes what was noted; called by the timer and at shutdown. While the database is away the notes wait. */
export async function saveClientKeyUses(): Promise<void> {
  const state = uses()
  if (state.timer) clearTimeout(state.timer)
  state.timer = null
  const taken = [...state.pending]
  if (taken.length === 0) return
  state.pending.clear()
  try {
    await hotPool().query(
      `UPDATE client_keys k SET last_used_at = used.at
       FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at)
       WHERE k.id = used.id AND (k.last_used_at IS NULL OR k.last_used_at < used.at)`,
      [taken.map(([id]) => id), taken.map(([, at]) => at)],
    )
    if (state.writtenAtMs.size > maxRemembered) state.writtenAtMs.clear()
    for (const [id, at] of taken) state.writtenAtMs.set(id, at.getTime())
  } catch (error) {
    log().debug({ error }, 'the last use of client keys could not be written yet')
    for (const [id, at] of taken) if (!state.pending.has(id)) state.pending.set(id, at)
    state.timer = setTimeout(() => void saveClientKeyUses(), writeEveryMs)
    state.timer.unref()
  }
}
