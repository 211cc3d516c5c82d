import { statfs } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { dashboardPool, hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import { readHealth } from '@/lib/ops/health'
import { getRuntime } from '@/lib/ops/runtime'
import { shared } from '@/lib/shared'
import type { Health } from './check-server'

/** How this process is doing, in figures. null = cannot be measured now. */
export interface Vitals {
  readonly health: Health
  readonly phase: 'starting' | 'serving' | 'leaving' | 'draining'
  readonly nodeVersion: string
  readonly rssBytes: number
  /** 99 of 100 turns of the event loop were late by less. */
  readonly eventLoopLagMs: number | null
  readonly openStreams: number
  readonly journalMaxBytes: number
  readonly droppedBodies: number
  readonly quarantined: number
  readonly journalFailures: number
  readonly databaseBytes: number | null
  readonly databaseConnections: number
  readonly databaseWaiting: number
  readonly diskFreeBytes: number | null
  readonly diskBytes: number | null
}

export async function readVitals(): Promise<Vitals> {
  const [health, databaseBytes, disk] = await Promise.all([
    readHealth(),
    readDatabaseBytes(),
    statfs(env().NEXUS_DATA_DIR).catch(() => null),
  ])
  return {
    health,
    nodeVersion: process.versions.node,
    rssBytes: process.memoryUsage.rss(),
    eventLoopLagMs: readLagMs(),
    ...readRuntime(),
    journalMaxBytes: env().JOURNAL_MAX_BYTES,
    databaseBytes,
    databaseConnections: hotPool().totalCount + dashboardPool().totalCount,
    databaseWaiting: hotPool().waitingCount + dashboardPool().waitingCount,
    diskFreeBytes: disk && disk.bavail * disk.bsize,
    diskBytes: disk && disk.blocks * disk.bsize,
  }
}

function readRuntime() {
  const runtime = getRuntime()
  const { droppedBodies = 0, quarantined = 0, journalFailures = 0 } = runtime?.recorder.status() ?? {}
  const phase = runtime?.phase ?? ('starting' as const)
  return { phase, openStreams: runtime?.openExchanges ?? 0, droppedBodies, quarantined, journalFailures }
}

const loopResolutionMs = 20

/** Measured from the first look on; each look begins anew. */
function readLagMs(): number | null {
  const delays = shared('doctor.loop-delays', () => {
    const histogram = monitorEventLoopDelay({ resolution: loopResolutionMs })
    histogram.enable()
    return histogram
  })
  if (delays.count === 0) return null
  const lagMs = Math.max(0, delays.percentile(99) / 1e6 - loopResolutionMs)
  delays.reset()
  return lagMs
}

async function readDatabaseBytes(): Promise<number | null> {
  try {
    const { rows } = await hotPool().query<{ bytes: number }>(
      'SELECT pg_database_size(current_database())::float8 AS bytes',
    )
    return rows[0]?.bytes ?? null
  } catch {
    // The database is away; `health` says so.
    return null
  }
}
