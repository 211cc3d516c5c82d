import { watch, type FSWatcher } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { expireKnownClients } from '@/lib/clients/known-clients'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'
import { CredentialFileError, credentialFileEnding, readCredentialFile, type CredentialFile } from './credential-file'
import { dropRemovedFiles, importCredentialFile, type FilesNow } from './credential-import'
import { expireKnownAccounts } from './domain-accounts'

interface CredentialFileProblem {
  readonly file: string
  readonly problem: string
}

/** Watching misses changes on network mounts and directories that appear later; looking does not. */
const lookEveryMs = 5_000
/** An editor saves in several steps. */
const settleMs = 150

interface Files {
  problems: readonly CredentialFileProblem[]
  /** Names, sizes and times of what was imported last; a change asks for another import. */
  imported: string | null
  running: Promise<void>
}

const state = () =>
  shared<Files>('accounts.files', () => ({ problems: [], imported: null, running: Promise.resolve() }))

/** What is wrong with the credential files now, for the health page. */
export function credentialFileProblems(): readonly CredentialFileProblem[] {
  return state().problems
}

/** Imports every file, then goes on watching the directory until the signal. */
export async function startCredentialFiles({
  directory,
  signal,
}: {
  directory: string
  signal: AbortSignal
}): Promise<void> {
  await importCredentialFiles(directory)
  if (signal.aborted) return
  let settled: NodeJS.Timeout | undefined
  const look = () => void importCredentialFiles(directory)
  const watcher = watchDirectory(directory, () => {
    clearTimeout(settled)
    settled = setTimeout(look, settleMs)
  })
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    clearTimeout(settled)
    watcher?.close()
  })
}

function watchDirectory(directory: string, changed: () => void): FSWatcher | null {
  try {
    const watcher = watch(directory, { persistent: false }, changed)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    // No such directory yet, or no watching on this mount: looking every few seconds finds the changes.
    return null
  }
}

/** Imports the directory if anything in it changed since the last time. Runs one after the other; never throws. */
export function importCredentialFiles(directory: string): Promise<void> {
  const files = state()
  files.running = files.running.then(() =>
    importChanged(directory).catch((error: unknown) => {
      files.imported = null
      log().warn({ error }, 'the credential files could not be imported; trying again in a moment')
    }),
  )
  return files.running
}

async function importChanged(directory: string): Promise<void> {
  const files = state()
  const found = await listFiles(directory)
  if (found === null || found.signature === files.imported) return
  const read = await Promise.all(found.names.map((name) => readOne(directory, name)))
  const results = await importAll(refuseContradictions(read))
  const dropped = await dropRemovedFiles(
    filesNow(results),
    async () => (await listFiles(directory))?.signature === found.signature,
  )
  for (const change of dropped ?? []) log().warn(`credential files: ${change}`)
  sayProblems(results.flatMap((result) => ('problem' in result ? [result] : [])))
  expireKnownClients()
  expireKnownAccounts()
  files.imported = dropped && found.signature
}

type Result = CredentialFile | CredentialFileProblem

const isGood = (result: Result): result is CredentialFile => !('problem' in result)

function filesNow(results: readonly Result[]): FilesNow {
  return {
    files: results.filter(isGood),
    badDomains: results.flatMap((result) =>
      'problem' in result ? [result.file.slice(0, -credentialFileEnding.length).toLowerCase()] : [],
    ),
  }
}

/** null when there is no such directory: a mount that is away must not revoke anything. */
async function listFiles(directory: string): Promise<{ names: string[]; signature: string } | null> {
  try {
    const names = (await readdir(directory)).filter((name) => name.endsWith(credentialFileEnding)).sort()
    const marks = await Promise.all(names.map((name) => markOf(directory, name)))
    return { names, signature: JSON.stringify(marks) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A file without marks, such as a link that leads nowhere, is a problem of its own when it is read. */
async function markOf(directory: string, name: string) {
  const found = await stat(path.join(directory, name)).catch(() => null)
  return [name, found?.size, found?.mtimeMs, found?.ino]
}

async function readOne(directory: string, file: string): Promise<Result> {
  try {
    return readCredentialFile(file, await readFile(path.join(directory, file), 'utf8'), env().ALLOW_STORED_OAUTH)
  } catch (error) {
    if (error instanceof CredentialFileError) return { file, problem: error.message }
    return { file, problem: `The file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).` }
  }
}

/** Two files may share an account, but not give it two credentials. The first in name order counts. */
function refuseContradictions(results: readonly Result[]): Result[] {
  const firsts = new Map<string, CredentialFile>()
  return results.map((result) => {
    if ('problem' in result) return result
    const first = firsts.get(result.accountId) ?? result
    firsts.set(result.accountId, first)
    if (JSON.stringify(first.secret) === JSON.stringify(result.secret)) return result
    return { file: result.name, problem: `${first.name} gives ${result.accountId} another credential.` }
  })
}

async function importAll(results: readonly Result[]): Promise<Result[]> {
  const imported: Result[] = []
  const now = filesNow(results)
  for (const result of results) imported.push('problem' in result ? result : await importOne(result, now))
  return imported
}

async function importOne(file: CredentialFile, now: FilesNow): Promise<Result> {
  try {
    const changes = await importCredentialFile(file, now)
    if (changes.length > 0) log().info({ domain: file.domain, changes }, `credential file ${file.name} imported`)
    return file
  } catch (error) {
    if (error instanceof CredentialFileError) return { file: file.name, problem: error.message }
    throw error
  }
}

function sayProblems(problems: readonly CredentialFileProblem[]): void {
  const known = new Set(state().problems.map(({ file, problem }) => `${file} ${problem}`))
  for (const { file, problem } of problems) {
    if (!known.has(`${file} ${problem}`)) log().error({ file }, `credential file ${file}: ${problem}`)
  }
  state().problems = problems
}
