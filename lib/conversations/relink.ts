import type { PoolClient } from 'pg'
import { hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import { lockDomain } from './link-conversations'
import { DomainLinker, type LinkChange } from './link-domain'
import { makeLinkSecrets } from './link-secrets'
import { SaidWords } from './said-words'

export interface RelinkQuestion {
  readonly domainId: string
  /** Only says what would change. */
  readonly isDryRun: boolean
}

export interface RelinkResult {
  readonly requests: number
  readonly changes: readonly LinkChange[]
}

/** Rules hold for a domain as a whole, and so does the lock: recording waits meanwhile, in its journal. */
const statementTimeoutMs = 600_000

/** Applies today's rules to everything recorded in a domain, oldest first, in one transaction. */
export async function relinkDomain({ domainId, isDryRun }: RelinkQuestion): Promise<RelinkResult> {
  const client = await hotPool().connect()
  let failure: Error | undefined
  try {
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${statementTimeoutMs}`)
    await lockDomain(client, domainId)
    const requestIds = await listLinked(client, domainId)
    const secrets = makeLinkSecrets(env().encryptionKey)(domainId)
    const linker = new DomainLinker(client, { secrets, fresh: [], said: new SaidWords() })
    await linker.relinkAll(requestIds)
    await client.query(isDryRun ? 'ROLLBACK' : 'COMMIT')
    return { requests: requestIds.length, changes: linker.changes }
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.release(failure)
  }
}

async function listLinked(client: PoolClient, domainId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT request_id AS id FROM request_links WHERE domain_id = $1 ORDER BY request_id',
    [domainId],
  )
  return rows.map(({ id }) => id)
}
