import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { startApp, type AppOptions, type RunningApp } from '@/lib/testing/start-app'
import { start, type Pending } from '../conformance/client'
import { bearer, messagesBody, usualHeaders } from '../conformance/usual-call'
import { teamA, writeCredentials } from '../conformance/world'

export const dashboardKey = 'cluster-dashboard-key-0123456789'

/** Several processes of the product on one PostgreSQL, with the fake Claude behind them. */
export interface Cluster {
  readonly databaseUrl: string
  readonly fake: FakeClaude
  /** A process of that name; started again it finds its journal. */
  start(name: string, more?: Partial<Omit<AppOptions, 'dataDir'>>): Promise<RunningApp>
  stop(): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-cluster-'))
  const postgres = await startEmbeddedPostgres({ dataDir: folder })
  const fake = await startFakeClaude()
  const credentials = path.join(folder, 'credentials')
  await writeCredentials(credentials)
  const apps = new Map<string, RunningApp>()
  return {
    databaseUrl: postgres.url,
    fake,
    async start(name, { env, ...more } = {}) {
      const app = await startApp({
        door: 'fast',
        ...more,
        dataDir: path.join(folder, name),
        env: {
          DATABASE_URL: postgres.url,
          CLAUDE_API_BASE_URL: fake.url,
          CREDENTIALS_DIR: credentials,
          ALLOW_STORED_OAUTH: 'true',
          DASHBOARD_API_KEY: dashboardKey,
          // Calls that were on their way when the balancer turned are still taken.
          DRAIN_DELAY_MS: '2000',
          // Every process has a journal of its own; keys and secrets are the same everywhere.
          ENCRYPTION_KEY: 'cluster-encryption-key-0123456789',
          NEXTAUTH_SECRET: 'cluster-cookie-secret-0123456789',
          ...env,
        },
      })
      apps.set(name, app)
      return app
    },
    async stop() {
      for (const app of apps.values()) await app.stop()
      await fake.close()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const portOf = (app: RunningApp): number => Number(new URL(app.url).port)

/** An ordinary call with a key that every process knows. */
export function call(url: string, scenario: string, body = messagesBody()): Pending {
  const headers = [...bearer(teamA.clientKey), ...usualHeaders, ['x-fake-scenario', scenario] as const]
  return start(url, { headers, body })
}
