import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { PostgresProgram } from './program'

/** `<dataDir>/postgres`: what a built-in server leaves on disk. */
export interface PostgresHome {
  readonly folder: string
  readonly clusterFolder: string
  readonly logFile: string
  readonly password: string
}

const majorVersion = '18'

/** Opens the home, creating the cluster on first use. Owner and version are put right or refused. */
export async function openPostgresHome(dataDir: string, program: PostgresProgram): Promise<PostgresHome> {
  const folder = path.resolve(/* turbopackIgnore: true */ dataDir, 'postgres')
  if (!existsSync(folder)) await createHome(folder, program)
  const clusterFolder = path.join(folder, 'cluster')
  const version = readFileSync(path.join(clusterFolder, 'PG_VERSION'), 'utf8').trim()
  if (version !== majorVersion) {
    throw new Error(
      `${clusterFolder} belongs to PostgreSQL ${version}; the built-in server is ${majorVersion}. Dump it with version ${version}, or set DATABASE_URL to a server of that version.`,
    )
  }
  // Of a server that runs as somebody else, the files are to stay his.
  if (!readServerLock({ clusterFolder })) giveTo(folder, program.owner)
  const password = readFileSync(path.join(folder, 'password'), 'utf8').trim()
  return { folder, clusterFolder, logFile: path.join(folder, 'server.log'), password }
}

/** The address of the built-in server of a data directory, for tools beside the running program. */
export function embeddedPostgresUrl(dataDir: string): string {
  const read = (name: string) => readFileSync(path.join(dataDir, 'postgres', name), 'utf8').trim()
  return `postgresql://nexus:${read('password')}@127.0.0.1:${read('port')}/nexus`
}

/** Builds beside the final place and renames: an interrupted or a second first start leaves no half cluster. */
async function createHome(folder: string, program: PostgresProgram): Promise<void> {
  const draft = `${folder}-${process.pid}-${randomBytes(4).toString('hex')}`
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  try {
    const passwordFile = path.join(draft, 'password')
    writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
    giveTo(draft, program.owner)
    await initialise(path.join(draft, 'cluster'), passwordFile, program)
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another process was first, and its cluster is as good as ours. Which of the two it is depends on the file system.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

async function initialise(clusterFolder: string, passwordFile: string, program: PostgresProgram): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--username=nexus', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const child = program.spawn(
    'initdb',
    [`--pgdata=${clusterFolder}`, ...locale, ...access],
    ['ignore', 'ignore', 'pipe'],
  )
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0) throw new Error(`The built-in PostgreSQL could not create its files: ${complaint.trim()}`)
}

/** The server accepts only files of its own user, and that user may differ from start to start. */
function giveTo(folder: string, owner: PostgresProgram['owner']): void {
  if (!owner || statSync(folder).uid === owner.uid) return
  // Another user must get through the data directory to its files; it still cannot list what is there.
  if (owner.uid !== 0) chmodSync(path.dirname(folder), statSync(path.dirname(folder)).mode | 0o011)
  // The folder itself comes last: its owner says that all the rest was done.
  for (const name of [...readdirSync(folder, { recursive: true, encoding: 'utf8' }), '']) {
    lchownSync(path.join(folder, name), owner.uid, owner.gid)
  }
}

interface ServerLock {
  readonly pid: number
  /** null while the server has not written it yet. */
  readonly port: number | null
}

/** The live server of this cluster, from its lock file. A lock that a dead server left is removed. */
export function readServerLock(home: Pick<PostgresHome, 'clusterFolder'>): ServerLock | null {
  const file = path.join(home.clusterFolder, 'postmaster.pid')
  if (!existsSync(file)) return null
  const [pidLine = '', , , portLine = ''] = readFileSync(file, 'utf8').split('\n')
  const pid = Number.parseInt(pidLine, 10)
  if (!Number.isInteger(pid) || pid <= 0) return null
  if (isPostgres(pid)) return { pid, port: Number.parseInt(portLine, 10) || null }
  rmSync(file, { force: true })
  return null
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** After a reboot or in a new container the number of the dead server may belong to somebody else. */
function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false
  const commandLine = `/proc/${pid}/cmdline`
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('postgres')
}
