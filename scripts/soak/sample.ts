import { readdirSync } from 'node:fs'
import { residentMegabytes } from '@/e2e/faults/world'
import type { RunningApp } from '@/lib/testing/start-app'
import type { Allowance } from './flatness'

/** What is watched, with what it may grow by from the middle to the last third of the run. */
export const watched = {
  memory: { unit: 'MB', share: 0.05, amount: 16 },
  heap: { unit: 'MB', share: 0.1, amount: 24 },
  external: { unit: 'MB', share: 0.1, amount: 16 },
  recorderHeap: { unit: 'MB', share: 0.05, amount: 8 },
  recorderExternal: { unit: 'MB', share: 0.05, amount: 16 },
  files: { unit: 'descriptors', share: 0, amount: 10 },
  timers: { unit: 'timers', share: 0.1, amount: 20 },
  handles: { unit: 'open handles', share: 0.1, amount: 20 },
  streams: { unit: 'open streams', share: 0, amount: 20 },
  pending: { unit: 'calls not recorded', share: 0, amount: 200 },
} as const satisfies Record<string, Allowance & { unit: string }>

export type Watched = keyof typeof watched
export type Sample = Readonly<Record<Watched, number>>

const megabyte = 1024 * 1024

/** The process as it is now: memory and files as the system counts them, the rest as it says itself. */
export async function takeSample(app: RunningApp): Promise<Sample> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  return {
    memory: residentMegabytes(app.pid),
    heap: readMetric(metrics, 'nodejs_heap_size_used_bytes') / megabyte,
    external: readMetric(metrics, 'nodejs_external_memory_bytes') / megabyte,
    recorderHeap: readMetric(metrics, 'nexus_thread_memory_bytes{thread="recorder",kind="heap"}') / megabyte,
    recorderExternal: readMetric(metrics, 'nexus_thread_memory_bytes{thread="recorder",kind="external"}') / megabyte,
    files: readdirSync(`/proc/${app.pid}/fd`).length,
    timers: readMetric(metrics, 'nodejs_active_resources{type="Timeout"}'),
    handles: readMetric(metrics, 'nodejs_active_resources_total'),
    streams: readMetric(metrics, 'nexus_open_streams'),
    pending: readMetric(metrics, 'nexus_recorder_pending'),
  }
}

/** 0 for what is not there: resources of which there are none have no line. */
function readMetric(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}
