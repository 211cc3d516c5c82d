import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeCredentials } from '@/e2e/conformance/world'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { freePort } from '@/lib/testing/free-port'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { ControlledPostgres } from './controlled-postgres'
import { ToxicProxy } from './toxic-proxy'

/** The built product between a fake Claude and a PostgreSQL, each behind a line that can be cut. */
export interface World {
  readonly fake: FakeClaude
  readonly postgres: ControlledPostgres
  readonly databaseLine: ToxicProxy
  readonly upstreamLine: ToxicProxy
  readonly dataDir: string
  app: RunningApp
  /** Starts the product on what an earlier one left, at the same address. */
  startApp(env?: Readonly<Record<string, string>>, startedPath?: string): Promise<RunningApp>
  close(): Promise<void>
}

const worlds = new Set<Promise<World>>()

/** Ends whatever a case leaves behind that fails or times out, in the middle of a start too. */
export async function endWorlds(): Promise<void> {
  for (const world of worlds) await world.then(({ close }) => close()).catch(() => undefined)
}

/** Ends with `close`, and that of a case with its file at the latest. */
export function startWorld(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = makeWorld(env)
  worlds.add(world)
  return world
}

async function makeWorld(env: Readonly<Record<string, string>>): Promise<World> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-faults-'))
  const ends: (() => Promise<unknown>)[] = [async () => rmSync(dataDir, { recursive: true, force: true })]
  const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    ends.push(async () => (await starting).close())
    return starting
  }
  let closing: Promise<void> | null = null
  const close = () => (closing ??= endAll(ends))
  try {
    const credentials = path.join(dataDir, 'credentials')
    await writeCredentials(credentials)
    const [fake, postgres] = await Promise.all([opened(startFakeClaude()), opened(ControlledPostgres.start())])
    const [databaseLine, upstreamLine] = await Promise.all([
      opened(ToxicProxy.start(postgres.port)),
      opened(ToxicProxy.start(fake.port)),
    ])
    const port = await freePort()
    const given = {
      DATABASE_URL: postgres.url(databaseLine.port),
      CLAUDE_API_BASE_URL: `http://127.0.0.1:${upstreamLine.port}`,
      CREDENTIALS_DIR: credentials,
    }
    const start = (more: Readonly<Record<string, string>> = {}, startedPath?: string) => {
      // A case that timed out goes on, unheard.
      if (closing) throw new Error('The case of this world is over.')
      const app = startApp({ door: 'fast', dataDir, port, startedPath, env: { ...given, ...env, ...more } })
      ends.push(async () => (await app).stop())
      return app
    }
    return { fake, postgres, databaseLine, upstreamLine, dataDir, app: await start(), startApp: start, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The last that began ends first; what never began, or ends badly, keeps the rest from nothing. */
async function endAll(ends: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const end of ends.toReversed()) await end().catch(() => undefined)
}

export function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** The highest growth of a process's resident memory while the work runs, in megabytes. */
export async function growthDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentMegabytes(pid)
  let most = before
  const look = () => (most = Math.max(most, residentMegabytes(pid)))
  const timer = setInterval(look, 20)
  try {
    await work()
    return look() - before
  } finally {
    clearInterval(timer)
  }
}
