import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { shared } from '@/lib/shared'

/**
 * Each process writes to a directory of its own below the journal, named in a lock file. What a dead process
 * left is taken over by renaming its directory, which only one of several takers can do.
 */
interface Lock {
  readonly token: string
  readonly pid: number
  readonly host: string
  /** Start of the process in clock ticks, so that a reused pid is told apart; null where it cannot be known. */
  readonly startedAt: string | null
}

const lockName = 'lock'
export const quarantineName = 'quarantine'
/** Ends the name of a directory that is being made (it has no lock yet) or taken over (its lock is the taker's). */
const unfinished = '.new'
const heartbeatMs = 10_000
/** A lock of another host (a container that shares the volume) counts as dead after this silence. */
const silentAfterMs = 90_000

/** Tokens of the directories this process holds: its own pid proves nothing about an old lock. */
const ownTokens = () => shared('journal-owners', () => new Set<string>())

export interface OwnDirectory {
  readonly directory: string
  /** Ends the claim; an empty directory disappears, another one waits for whoever comes next. */
  release(): Promise<void>
}

export async function claimDirectory(root: string): Promise<OwnDirectory> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  const token = randomBytes(6).toString('hex')
  const directory = path.join(root, `${Date.now().toString(36)}-${token}`)
  await mkdir(directory + unfinished, { mode: 0o700 })
  return finish(directory, token)
}

/** Gives a directory its name once the lock is inside: one without a lock is nobody's. */
async function finish(directory: string, token: string): Promise<OwnDirectory> {
  ownTokens().add(token)
  // Another taker may have written its own between ours and the renaming.
  await writeLock(directory + unfinished, token)
  await rename(directory + unfinished, directory)
  return held(directory, token)
}

/** Takes over the directories of dead processes, one after the other. */
export async function* adoptOrphans(root: string): AsyncGenerator<OwnDirectory> {
  for (const name of await listDirectories(root)) {
    const directory = path.join(root, name)
    if (await isAlive(directory)) continue
    const adopted = await take(root, name)
    if (adopted) yield adopted
  }
}

/** null: another process was faster. */
async function take(root: string, name: string): Promise<OwnDirectory | null> {
  const token = randomBytes(6).toString('hex')
  const directory = path.join(root, `${name.replace(/[-.][^-.]*$/, '')}-${token}`)
  try {
    ownTokens().add(token)
    // Before it has another name, so that a taker that dies on the way is known for dead at once.
    await writeLock(path.join(root, name), token)
    await rename(path.join(root, name), directory + unfinished)
    return await finish(directory, token)
  } catch (error) {
    ownTokens().delete(token)
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function listDirectories(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== quarantineName)
    .map((entry) => entry.name)
    .sort()
}

function held(directory: string, token: string): OwnDirectory {
  const lock = path.join(directory, lockName)
  const heartbeat = setInterval(() => void renew(directory, token), heartbeatMs)
  heartbeat.unref()
  return {
    directory,
    async release() {
      clearInterval(heartbeat)
      ownTokens().delete(token)
      const rest = await readdir(directory).catch(() => [lockName])
      const isEmpty = rest.every((name) => name.startsWith(lockName))
      await rm(isEmpty ? directory : lock, { recursive: true, force: true })
    },
  }
}

/** A process that was frozen may find that its directory was taken for an orphan: then it makes it anew. */
async function renew(directory: string, token: string): Promise<void> {
  const now = new Date()
  try {
    await utimes(path.join(directory, lockName), now, now)
  } catch {
    // The journal says so itself when its disk is gone.
    await mkdir(directory, { recursive: true, mode: 0o700 })
      .then(() => writeLock(directory, token))
      .catch(() => undefined)
  }
}

/** Whole or not at all: the directory may get another name, and a lock of somebody else's, at any moment. */
async function writeLock(directory: string, token: string): Promise<void> {
  const lock: Lock = { token, pid: process.pid, host: hostname(), startedAt: startOf(process.pid) }
  const file = path.join(directory, lockName)
  await writeFile(`${file}-${token}`, JSON.stringify(lock), { mode: 0o600 })
  await rename(`${file}-${token}`, file)
}

async function isAlive(directory: string): Promise<boolean> {
  if (!directory.endsWith(unfinished)) return isOwned(directory)
  const isNew = !(await stat(path.join(directory, lockName)).catch(() => null))
  return (await isFresh(directory)) && (isNew || isOwned(directory))
}

/** Whether the process of its lock is there. */
async function isOwned(directory: string): Promise<boolean> {
  const file = path.join(directory, lockName)
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    const lock = JSON.parse(text) as Lock
    if (lock.host !== hostname()) return Date.now() - mtimeMs < silentAfterMs
    if (lock.pid === process.pid && lock.startedAt === startOf(process.pid)) return ownTokens().has(lock.token)
    return isRunning(lock.pid) && lock.startedAt === startOf(lock.pid)
  } catch {
    // No lock, or a torn one: whoever wrote it is gone.
    return false
  }
}

/** Named so a moment ago; one that is gone has its name by now. */
async function isFresh(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => null)
  return !found || Date.now() - found.ctimeMs < silentAfterMs
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the name, which may hold spaces. Linux only; null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    // Not Linux, or no such process.
    return null
  }
}
