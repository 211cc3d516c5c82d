import { Counter, Gauge, type Registry } from 'prom-client'
import { hotPool } from '@/lib/db'
import { readThreadMemory, type ThreadMemory } from '@/lib/recorder/thread-memory'
import { listProcesses } from './processes'
import { getRuntime } from './runtime'
import { sumRecord } from './sum-record'

/** Gauges that are read when somebody asks. */
export function collectRuntime(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  const recorder = () => getRuntime()?.recorder.status()
  gauge(
    'nexus_request_body_bytes',
    'Bodies of requests in memory, on their way to the upstream and the journal',
    () => getRuntime()?.bodyRoom.heldBytes ?? 0,
  )
  gauge('nexus_open_streams', 'Exchanges whose last byte has not gone', () => getRuntime()?.openExchanges ?? 0)
  gauge(
    'nexus_recorder_lag_seconds',
    'Age of the oldest ended exchange that is not in the database',
    () => (recorder()?.lagMs ?? 0) / 1000,
  )
  gauge(
    'nexus_installation_recorder_lag_seconds',
    'The same of whichever process is furthest behind, also of one that is gone and left its journal',
    async () => sumRecord(await listProcesses()).lagMs / 1000,
  )
  gauge('nexus_processes_running', 'Processes that work on this database', () => countProcesses('running'))
  gauge('nexus_processes_gone', 'Processes that are gone and left their journal', () => countProcesses('gone'))
  gauge('nexus_recorder_pending', 'Ended exchanges that are not in the database', () => recorder()?.pending ?? 0)
  gauge(
    'nexus_recorder_dropped_bodies',
    'Bodies not kept for lack of room since the start',
    () => recorder()?.droppedBodies ?? 0,
  )
  gauge(
    'nexus_recorder_quarantined',
    'Exchanges set aside because they cannot be recorded',
    () => recorder()?.quarantined ?? 0,
  )
  collectRebuilds(registry)
  collectThreads(registry)
  gauge('nexus_journal_bytes', 'Bytes in the journal', () => recorder()?.journalBytes ?? 0)
  gauge('nexus_journal_full', '1 when no request can be promised a record', () => (recorder()?.isFull ? 1 : 0))
  gauge('nexus_database_connections', 'Connections of the recorder and the caches', () => hotPool().totalCount)
  gauge('nexus_database_waiting', 'Queries that wait for a connection', () => hotPool().waitingCount)
}

/** Counted by the recorder, whose thread may be another one. */
function collectRebuilds(registry: Registry): void {
  new Counter({
    name: 'nexus_rebuild_checks_total',
    help: 'Recorded bodies that were read back from the database, and whether they came back as they passed',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      const { checkedBodies = 0, damagedBodies = 0 } = getRuntime()?.recorder.status() ?? {}
      this.reset()
      this.inc({ result: 'same' }, checkedBodies - damagedBodies)
      this.inc({ result: 'different' }, damagedBodies)
    },
  })
}

function collectThreads(registry: Registry): void {
  new Gauge({
    name: 'nexus_thread_memory_bytes',
    help: 'What a thread keeps in memory: objects in its heap, and buffers outside of it',
    labelNames: ['thread', 'kind'],
    registers: [registry],
    collect() {
      const set = (thread: string, { heapBytes, externalBytes }: ThreadMemory) => {
        this.set({ thread, kind: 'heap' }, heapBytes)
        this.set({ thread, kind: 'external' }, externalBytes)
      }
      this.reset()
      set('main', readThreadMemory())
      const memory = getRuntime()?.recorder.status().threadMemory
      if (memory) set('recorder', memory)
    },
  })
}

async function countProcesses(wanted: 'running' | 'gone'): Promise<number> {
  return (await listProcesses()).filter(({ condition }) => condition === wanted).length
}
