import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '@/lib/testing/free-port'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { nextAuthSecret } from '../security/stage'
import { adjustWorld, writeCredentials } from './world'

export type DoorName = 'fast' | 'route'

/** Where a running app is; the tests of a worker start the upstream themselves, on the port it expects. */
export interface StageFacts {
  readonly door: DoorName
  readonly url: string
  readonly pid: number
  readonly databaseUrl: string
  readonly upstreamPort: number
}

declare module 'vitest' {
  export interface ProvidedContext {
    stages: Record<DoorName, StageFacts>
  }
}

/** Short enough to wait for, long enough for a busy machine. */
export const upstreamTimeoutMs = 2000
export const stallTimeoutMs = 2500
export const corsOrigin = 'https://app.example.com'
export const dashboardKey = 'conformance-dashboard-key'

/** One app a door for the whole run: every test file speaks to the same two. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'nexus-conformance-'))
  await writeCredentials(directory)
  const apps = await Promise.all((['fast', 'route'] as const).map((door) => startDoor(door, directory)))
  project.provide('stages', { fast: apps[0]!.facts, route: apps[1]!.facts })
  return async () => {
    await Promise.all(apps.map(({ stop }) => stop()))
    await rm(directory, { recursive: true, force: true })
  }
}

async function startDoor(door: DoorName, credentials: string) {
  const upstreamPort = await freePort()
  const app = await startApp({
    door,
    env: {
      CLAUDE_API_BASE_URL: `http://127.0.0.1:${upstreamPort}`,
      CLAUDE_API_TIMEOUT: String(upstreamTimeoutMs),
      PROXY_SERVER_TIMEOUT: String(stallTimeoutMs),
      CORS_ORIGIN: corsOrigin,
      CREDENTIALS_DIR: credentials,
      DASHBOARD_API_KEY: dashboardKey,
      NEXTAUTH_SECRET: nextAuthSecret,
      ALLOW_STORED_OAUTH: 'true',
    },
  })
  await adjustWorld(app.databaseUrl)
  const facts: StageFacts = { door, url: app.url, pid: app.pid, databaseUrl: app.databaseUrl, upstreamPort }
  return { facts, stop: () => stopDoor(door, app) }
}

/** An app that died on the way would show as a heap of refused connections: say what it said. */
async function stopDoor(door: DoorName, app: RunningApp): Promise<void> {
  const isAlive = await fetch(`${app.url}/health/live`).then(
    () => true,
    () => false,
  )
  await app.stop()
  if (!isAlive) throw new Error(`The app behind the ${door} door died.\n${app.log().slice(-5000)}`)
}
