import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { loadClientsSnapshot, restoreClients, type ClientsSnapshot } from '@/lib/clients/known-clients'
import { log } from '@/lib/log'
import { knownDomainAccounts, loadAccountsSnapshot, type DomainAccounts } from './domain-accounts'
import { open, seal } from './secret-box'

interface Snapshot extends ClientsSnapshot {
  readonly accounts: readonly (readonly [string, DomainAccounts])[]
}

const saveEveryMs = 30_000
const place = 'file|cache.json'

/**
 * Keeps known keys, domains and accounts in a sealed file, so that a start without a database still serves the
 * callers of before. Restores at once, then saves what the database says until the signal, and once more then.
 */
export async function keepCacheSnapshot({ dataDir, signal }: { dataDir: string; signal: AbortSignal }): Promise<void> {
  const file = path.join(dataDir, 'cache.json')
  restore(file)
  let saved = ''
  while (!signal.aborted) {
    saved = await save(file, saved)
    await delay(saveEveryMs, undefined, { signal }).catch(() => undefined)
  }
  await save(file, saved)
}

function restore(file: string): void {
  try {
    const { sealed } = JSON.parse(readFileSync(file, 'utf8')) as { sealed: string }
    const snapshot = JSON.parse(open(Buffer.from(sealed, 'base64'), place)) as Snapshot
    restoreClients(snapshot)
    knownDomainAccounts().restore(snapshot.accounts)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    log().warn({ error }, 'the cache of an earlier start cannot be used; it is written anew')
  }
}

/** Returns what the file says now. While the database is away it stays as it was. */
async function save(file: string, saved: string): Promise<string> {
  try {
    const snapshot: Snapshot = { ...(await loadClientsSnapshot()), accounts: await loadAccountsSnapshot() }
    const text = JSON.stringify(snapshot)
    if (text === saved) return saved
    const content = JSON.stringify({ sealed: seal(text, place).toString('base64') })
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    // Half a file after a crash would be worse than an old one.
    await writeFile(`${file}.new`, content, { mode: 0o600 })
    await rename(`${file}.new`, file)
    return text
  } catch (error) {
    log().debug({ error }, 'the cache could not be saved')
    await rm(`${file}.new`, { force: true }).catch(() => undefined)
    return saved
  }
}
