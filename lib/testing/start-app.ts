import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { embeddedPostgresUrl, readServerLock } from '@/lib/postgres/home'
import { endServer } from '@/lib/postgres/server'
import { freePort } from './free-port'
import { waitUntil } from './wait-until'

/** The built product as a process of its own, on a free port with a new data directory. */
export interface RunningApp {
  readonly url: string
  readonly pid: number
  readonly dataDir: string
  readonly databaseUrl: string
  /** Everything it printed so far. */
  log(): string
  /** Asks it to leave (SIGTERM) and waits; resolves with the exit code. Removes a data directory of its own making. */
  stop(): Promise<number | null>
  /** Kills the process (SIGKILL) and leaves everything else as it is. */
  kill(): Promise<void>
}

export interface AppOptions {
  /** fast: server.ts. route: Next alone, the API through its route handler. */
  readonly door: 'fast' | 'route'
  readonly env?: Readonly<Record<string, string>>
  /** To start again on what an earlier app left; a new one by default. */
  readonly dataDir?: string
  readonly port?: number
  /** Where it says that it has started; /health/ready by default, which wants a database. */
  readonly startedPath?: string
  /** Where it runs, and finds a .env; the project's folder by default. */
  readonly cwd?: string
  /** What it prints goes there too, as it comes. */
  readonly logFile?: string
}

const readyTimeoutMs = 120_000
const stopTimeoutMs = 60_000

/** Starts what `npm run build` made and waits until it is ready; its log is in the error when it never is. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'nexus-app-'))
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const child = launch(options, environmentOf(options, dataDir, url))
  const log = collect(child, options.logFile)
  try {
    await waitUntil(() => isReady(`${url}${options.startedPath ?? '/health/ready'}`, child), {
      timeoutMs: readyTimeoutMs,
      what: 'the app to be ready',
    })
  } catch (error) {
    await end(child, 'SIGKILL')
    throw new Error(`${(error as Error).message}\n${log()}`, { cause: error })
  }
  return {
    url,
    pid: child.pid ?? 0,
    dataDir,
    databaseUrl: options.env?.DATABASE_URL ?? embeddedPostgresUrl(dataDir),
    log,
    async stop() {
      const code = await end(child, 'SIGTERM')
      if (!options.dataDir) {
        await endDatabase(dataDir)
        rmSync(dataDir, { recursive: true, force: true })
      }
      return code
    },
    async kill() {
      await end(child, 'SIGKILL')
    },
  }
}

function environmentOf(options: AppOptions, dataDir: string, url: string): Record<string, string | undefined> {
  const { PATH, HOME, NEXT_DIST_DIR } = process.env
  return {
    PATH,
    HOME,
    NEXT_DIST_DIR,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: new URL(url).port,
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    NEXUS_DATA_DIR: dataDir,
    CREDENTIALS_DIR: path.join(dataDir, 'credentials'),
    // Never the real API, whatever a test forgets to say.
    CLAUDE_API_BASE_URL: 'http://127.0.0.1:9',
    DRAIN_DELAY_MS: '0',
    ...options.env,
  }
}

function launch({ door, cwd }: AppOptions, env: Record<string, string | undefined>): ChildProcess {
  const next = [
    path.resolve('node_modules/next/dist/bin/next'),
    'start',
    '--port',
    env.PORT ?? '',
    '--hostname',
    '127.0.0.1',
  ]
  const args = door === 'fast' ? ['--enable-source-maps', path.resolve('dist/server.mjs')] : next
  return spawn(process.execPath, args, { cwd, env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] })
}

function collect(child: ChildProcess, logFile?: string): () => string {
  const pieces: string[] = []
  const keep = (piece: Buffer) => {
    pieces.push(piece.toString())
    if (logFile) appendFileSync(logFile, piece)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep)
  return () => pieces.join('')
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
  if (hasEnded(child)) throw new Error(`The app ended with ${child.exitCode ?? child.signalCode} before it was ready.`)
  try {
    return (await fetch(url)).ok
  } catch {
    // Not listening yet.
    return false
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(timer)
  return child.exitCode
}

/** A killed app leaves its database running. */
async function endDatabase(dataDir: string): Promise<void> {
  const lock = readServerLock({ clusterFolder: path.join(dataDir, 'postgres', 'cluster') })
  if (lock) await endServer(lock.pid)
}
