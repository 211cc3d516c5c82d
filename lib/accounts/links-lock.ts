import type { Transaction } from '@/lib/prisma'

const linksLock = 7_270_010

/**
 * Changes of which domain may spend which account take turns, those of credential files too: two at once would each
 * find a stored login free and share it. Taken first in a transaction, before any row is.
 */
export async function lockLinks(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${linksLock}::bigint)`
}
