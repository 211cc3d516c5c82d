import { createHash } from 'node:crypto'
import { prisma, type Transaction } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { maskSecrets } from '@/lib/log'

/** Who acted, as far as the log needs to know; an Actor of access.ts fits. */
export interface AuditActor {
  readonly userId: string | null
  readonly name: string
}

export interface AuditEntry {
  readonly actor: AuditActor
  /** A verb on a noun: `account.create`, `user.login-failed`. */
  readonly action: string
  readonly targetType: string
  readonly targetId: string
  readonly address?: string | null
  /** Before and after, counts, reasons. Never a secret: what looks like one is masked again here. */
  readonly detail?: Record<string, unknown>
}

/** Serialises the appends: a chain has one end. Released with the transaction. */
export const appendLock = 7_270_736_905

/**
 * Appends one entry to the audit log, chained to the one before by its hash. Pass the transaction of the change,
 * so that neither exists without the other, as the last thing that it does: everybody's entries wait for its end, and
 * who waits for a row meanwhile may wait for them. `prisma()` for what changes nothing else.
 */
export async function recordAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  if (tx !== prisma()) return append(tx, entry)
  // Longer than Prisma's own two seconds: entries wait for each other, and one that gives up is one lost.
  await prisma().$transaction((own) => append(own, entry), { maxWait: 10_000, timeout: 10_000 })
}

async function append(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${appendLock}::bigint)`
  const last = await tx.auditEvent.findFirst({ orderBy: { sequence: 'desc' }, select: { hash: true } })
  const event = {
    id: newId(),
    at: new Date(),
    actorId: entry.actor.userId,
    actor: entry.actor.name,
    action: entry.action,
    targetType: entry.targetType,
    targetId: maskSecrets(entry.targetId),
    address: entry.address ?? null,
    detail: maskSecrets(JSON.stringify(entry.detail ?? {})),
  }
  await tx.auditEvent.create({ data: { ...event, hash: chainHash(last?.hash ?? null, event) } })
}

interface HashedEvent {
  id: string
  at: Date
  actorId: string | null
  actor: string
  action: string
  targetType: string
  targetId: string
  address: string | null
  detail: string
}

/** SHA-256 over the hash before and every field of this event. Pure. */
function chainHash(previous: Uint8Array | null, event: HashedEvent): Uint8Array<ArrayBuffer> {
  const fields = [
    event.id,
    event.at.toISOString(),
    event.actorId,
    event.actor,
    event.action,
    event.targetType,
    event.targetId,
    event.address,
    event.detail,
  ]
  return new Uint8Array(
    createHash('sha256')
      .update(previous ?? '')
      .update(JSON.stringify(fields))
      .digest(),
  )
}

export interface ChainCheck {
  readonly entries: number
  /** Id of the first event that does not follow from the one before; null = the log is whole. */
  readonly brokenAt: string | null
}

const pageSize = 1_000

/** Recomputes the whole chain, a page at a time. */
export async function checkAuditChain(): Promise<ChainCheck> {
  let previous: Uint8Array | null = null
  let entries = 0
  let after = -1n
  for (;;) {
    const page = await prisma().auditEvent.findMany({
      where: { sequence: { gt: after } },
      orderBy: { sequence: 'asc' },
      take: pageSize,
    })
    for (const event of page) {
      const expected = chainHash(previous, event)
      if (!Buffer.from(event.hash).equals(expected)) return { entries, brokenAt: event.id }
      previous = expected
      entries += 1
      after = event.sequence
    }
    if (page.length < pageSize) return { entries, brokenAt: null }
  }
}
