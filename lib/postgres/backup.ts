import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'
import { copyCluster, copyFolder } from './backup-cluster'
import { startEmbeddedPostgres } from './embedded-postgres'
import { missingMigrations } from './migrate'

interface BackupOptions {
  readonly dataDir: string
  readonly credentialsDir: string
  /** `.env`, where there is one. */
  readonly settingsFile: string
  /** Backups are made in it, each a folder of its own. */
  readonly to: string
  /** How many stay, this one included; null = all. */
  readonly keep: number | null
}

interface BackupReport {
  readonly folder: string
  /** As counted in the copy. */
  readonly requests: number
  readonly removed: readonly string[]
}

const prefix = 'nexus-backup-'
/** Never seen under its final name before it is whole and was started once. */
const draftEnding = '.unfinished'

/**
 * Copies an installation with the built-in database, whether the server runs or not, starts the copy and looks into
 * it. The journal comes before the database: what moves from one to the other meanwhile is in both, which the
 * recorder knows how to tell.
 */
export async function backUp({
  dataDir,
  credentialsDir,
  settingsFile,
  to,
  keep,
}: BackupOptions): Promise<BackupReport> {
  const folder = path.join(path.resolve(to), `${prefix}${new Date().toISOString().replace(/[:.]/g, '-')}`)
  const draft = `${folder}${draftEnding}`
  await mkdir(path.join(draft, 'data', 'postgres'), { recursive: true, mode: 0o700 })
  try {
    // Of a lock in the copy nobody is the owner.
    await copyIfThere(path.join(dataDir, 'journal'), path.join(draft, 'data', 'journal'), (name) =>
      /(^|\/)lock$/.test(name),
    )
    for (const name of ['secrets.json', 'postgres/password'])
      await copyFileIfThere(path.join(dataDir, name), path.join(draft, 'data', name))
    await copyIfThere(credentialsDir, path.join(draft, 'credentials'), () => false)
    await copyFileIfThere(settingsFile, path.join(draft, '.env'))
    const newest = await copyDatabase(dataDir, path.join(draft, 'data'))
    const requests = await checkCopy(path.join(draft, 'data'), newest)
    await rename(draft, folder)
    return { folder, requests, removed: keep === null ? [] : await removeOld(path.resolve(to), keep) }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** Resolves with the newest request that was recorded before: the copy must have it. */
async function copyDatabase(dataDir: string, to: string): Promise<string | null> {
  const database = await startEmbeddedPostgres({ dataDir })
  try {
    const { newest } = await look(database.url)
    await copyCluster(database.url, path.join(dataDir, 'postgres', 'cluster'), path.join(to, 'postgres', 'cluster'))
    return newest
  } finally {
    await database.stop()
  }
}

/** Starts the copy: PostgreSQL puts it right from its log, and leaves it as after an ordinary stop. */
async function checkCopy(dataDir: string, newest: string | null): Promise<number> {
  const database = await startEmbeddedPostgres({ dataDir })
  try {
    const { requests, has } = await look(database.url, newest)
    if (newest !== null && !has) throw new Error('The copy lacks a request that was recorded before it was made.')
    return requests
  } finally {
    await database.stop()
    for (const name of ['port', 'server.log']) await rm(path.join(dataDir, 'postgres', name), { force: true })
  }
}

interface Looked {
  readonly requests: number
  readonly newest: string | null
  readonly has: boolean
}

async function look(url: string, wanted: string | null = null): Promise<Looked> {
  const client = new Client({ connectionString: url, application_name: 'nexus-backup' })
  await client.connect()
  try {
    const missing = await missingMigrations(client)
    if (missing.length > 0)
      throw new Error(`Migration ${missing[0]} is missing: start the server once, then try again.`)
    const { rows } = await client.query<Looked>(
      `SELECT count(*)::float8 AS requests, max(request_id::text) AS newest,
         coalesce(bool_or(request_id = $1::uuid), false) AS has FROM api_requests`,
      [wanted],
    )
    return rows[0] as Looked
  } finally {
    await client.end()
  }
}

async function copyIfThere(from: string, to: string, leaveOut: (name: string) => boolean): Promise<void> {
  if (existsSync(from)) await copyFolder(from, to, leaveOut)
}

async function copyFileIfThere(from: string, to: string): Promise<void> {
  if (existsSync(from)) await copyFile(from, to)
}

async function removeOld(to: string, keep: number): Promise<string[]> {
  const names = (await readdir(to)).filter((name) => name.startsWith(prefix) && !name.endsWith(draftEnding))
  const old = names.sort().slice(0, -keep)
  for (const name of old) await rm(path.join(to, name), { recursive: true })
  return old
}
