import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'

/**
 * Copies the files of a PostgreSQL server that goes on working, by its protocol for base backups: what is torn or
 * missing in the copy is put right from the write-ahead log when the copy is started.
 */
export async function copyCluster(url: string, clusterFolder: string, to: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'nexus-backup' })
  // A lost connection rejects the query that waits; the event has no more to tell.
  client.on('error', () => undefined)
  await client.connect()
  try {
    // Keeps the log of the meantime from being recycled; ends with this connection.
    const slot = `nexus_backup_${randomBytes(4).toString('hex')}`
    await client.query('SELECT pg_create_physical_replication_slot($1, true, true)', [slot])
    await client.query(`SELECT pg_backup_start('nexus-proxy', true)`)
    await copyFolder(clusterFolder, to, isLeftOut)
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    await writeFile(path.join(to, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 })
    await copyFolder(path.join(clusterFolder, 'pg_wal'), path.join(to, 'pg_wal'), (name) => name.startsWith('archive'))
  } finally {
    await client.end()
  }
}

/** Folders whose content belongs to the running server alone. */
const emptied = /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./
const ofTheServer = /(^|\/)(postmaster\.(pid|opts)|pg_internal\.init(\..*)?|pgsql_tmp.*)$/

const isLeftOut = (name: string) => emptied.test(name) || ofTheServer.test(name)

/** Copies what is there, except names (relative, with /) that are left out. What vanishes meanwhile is not missed. */
export async function copyFolder(from: string, to: string, leaveOut: (name: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const name = path.relative(from, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')
    if (leaveOut(name)) continue
    if (entry.isDirectory()) await mkdir(path.join(to, name), { recursive: true, mode: 0o700 })
    else if (entry.isFile()) await copyUnlessGone(path.join(from, name), path.join(to, name))
  }
}

async function copyUnlessGone(from: string, to: string): Promise<void> {
  try {
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 })
    await copyFile(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
