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

export async function startWorld(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-faults-'))
  const credentials = path.join(dataDir, 'credentials')
  await writeCredentials(credentials)
  const [fake, postgres] = await Promise.all([startFakeClaude(), ControlledPostgres.start()])
  const [databaseLine, upstreamLine] = await Promise.all([ToxicProxy.start(postgres.port), ToxicProxy.start(fake.port)])
  const port = await freePort()
  const start = (more: Readonly<Record<string, string>> = {}, startedPath?: string) =>
    startApp({
      door: 'fast',
      dataDir,
      port,
      startedPath,
      env: {
        DATABASE_URL: postgres.url(databaseLine.port),
        CLAUDE_API_BASE_URL: `http://127.0.0.1:${upstreamLine.port}`,
        CREDENTIALS_DIR: credentials,
        ...env,
        ...more,
      },
    })
  const world: World = {
    fake,
    postgres,
    databaseLine,
    upstreamLine,
    dataDir,
    app: await start(),
    startApp: start,
    async close() {
      await world.app.stop()
      await Promise.all([fake.close(), databaseLine.close(), upstreamLine.close()])
      await postgres.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return world
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
