import { monitorEventLoopDelay } from 'node:perf_hooks'
import { dashboardPool, hotPool } from '@/lib/db'
import { readHealth } from '@/lib/ops/health'
import type { ProcessState } from '@/lib/ops/process-board'
import { listProcesses } from '@/lib/ops/processes'
import { getRuntime } from '@/lib/ops/runtime'
import { readThreadMemory, type ThreadMemory } from '@/lib/recorder/thread-memory'
import { shared } from '@/lib/shared'
import type { Health } from './check-server'

/** How this process is doing, in figures, and what it knows of the others. null = cannot be measured now. */
export interface Vitals {
  readonly health: Health
  readonly phase: 'starting' | 'serving' | 'leaving' | 'draining'
  readonly nodeVersion: string
  readonly rssBytes: number
  readonly mainMemory: ThreadMemory
  /** Of the thread that records; null = there is none. */
  readonly recorderMemory: ThreadMemory | null
  /** 99 of 100 turns of the event loop were late by less. */
  readonly eventLoopLagMs: number | null
  /** This one first. */
  readonly processes: readonly ProcessState[]
  readonly databaseBytes: number | null
  readonly databaseConnections: number
  readonly databaseWaiting: number
}

export async function readVitals(): Promise<Vitals> {
  const [health, databaseBytes, processes] = await Promise.all([readHealth(), readDatabaseBytes(), listProcesses()])
  return {
    health,
    nodeVersion: process.versions.node,
    rssBytes: process.memoryUsage.rss(),
    mainMemory: readThreadMemory(),
    recorderMemory: getRuntime()?.recorder.status().threadMemory ?? null,
    eventLoopLagMs: readLagMs(),
    phase: getRuntime()?.phase ?? 'starting',
    processes,
    databaseBytes,
    databaseConnections: hotPool().totalCount + dashboardPool().totalCount,
    databaseWaiting: hotPool().waitingCount + dashboardPool().waitingCount,
  }
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
