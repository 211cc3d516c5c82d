import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readServerLock } from '@/lib/postgres/home'
import { startApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Started } from './world'

export const benchClientKey = 'cnp_live_bench-0123456789abcdef'
const catchUpMs = 600_000

/** The product as `npm start` runs it, with its own PostgreSQL, recording everything. */
export interface Nexus extends Started {
  readonly appPid: number
  readonly databasePid: number
  readonly databaseUrl: string
  /** Waits until everything that ended is in the database; answers the seconds that took. */
  catchUp(): Promise<number>
  /** With a profile folder: samples the CPU from one call to the next, and writes what it saw. */
  toggleProfile(): void
}

interface NexusOptions {
  readonly upstream: Started
  /** Kept between starts: the second one finds what the first has recorded. */
  readonly dataDir: string
  readonly profileFolder: string | null
}

export async function startNexus({ upstream, dataDir, profileFolder }: NexusOptions): Promise<Nexus> {
  writeCredentials(path.join(dataDir, 'credentials'))
  const preload = pathToFileURL(path.join(import.meta.dirname, 'profile.mjs')).href
  const app = await startApp({
    door: 'fast',
    dataDir,
    env: {
      CLAUDE_API_BASE_URL: `http://127.0.0.1:${upstream.port}`,
      LOG_LEVEL: 'warn',
      ...(profileFolder && { NODE_OPTIONS: `--import ${preload}`, BENCH_PROFILE_FOLDER: profileFolder }),
    },
  })
  const postgres = readServerLock({ clusterFolder: path.join(dataDir, 'postgres', 'cluster') })
  if (!postgres) throw new Error('The database of the bench is not running.')
  const pending = async () => {
    const answer = (await (await fetch(`${app.url}/health`)).json()) as { recorder: { pending: number } }
    return answer.recorder.pending
  }
  return {
    port: Number(new URL(app.url).port),
    appPid: app.pid,
    databasePid: postgres.pid,
    pids: [...new Set([app.pid, postgres.pid])],
    databaseUrl: app.databaseUrl,
    async catchUp() {
      const beganAt = performance.now()
      await waitUntil(async () => (await pending()) === 0, {
        timeoutMs: catchUpMs,
        // An answer costs as much as a call, and would count for them.
        longestPauseMs: 250,
        what: 'the recorder to catch up',
      })
      return (performance.now() - beganAt) / 1000
    },
    toggleProfile: () => void (profileFolder && process.kill(app.pid, 'SIGUSR2')),
    async stop() {
      await app.stop()
      if (app.log().includes('"level":50')) process.stderr.write(app.log())
    },
  }
}

function writeCredentials(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const account = {
    type: 'api_key',
    accountId: 'acc_bench',
    api_key: 'sk-ant-api03-bench',
    client_api_key: benchClientKey,
  }
  writeFileSync(path.join(folder, 'bench.example.com.credentials.json'), JSON.stringify(account), { mode: 0o600 })
}
