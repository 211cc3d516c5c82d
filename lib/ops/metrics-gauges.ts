import { Gauge, type Registry } from 'prom-client'
import { hotPool } from '@/lib/db'
import { getRuntime } from './runtime'

/** Gauges that are read when somebody asks. */
export function collectRuntime(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  const recorder = () => getRuntime()?.recorder.status()
  gauge('nexus_open_streams', 'Exchanges whose last byte has not gone', () => getRuntime()?.openExchanges ?? 0)
  gauge(
    'nexus_recorder_lag_seconds',
    'Age of the oldest ended exchange that is not in the database',
    () => (recorder()?.lagMs ?? 0) / 1000,
  )
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
  gauge('nexus_journal_bytes', 'Bytes in the journal', () => recorder()?.journalBytes ?? 0)
  gauge('nexus_journal_full', '1 when no request can be promised a record', () => (recorder()?.isFull ? 1 : 0))
  gauge('nexus_database_connections', 'Connections of the recorder and the caches', () => hotPool().totalCount)
  gauge('nexus_database_waiting', 'Queries that wait for a connection', () => hotPool().waitingCount)
}
