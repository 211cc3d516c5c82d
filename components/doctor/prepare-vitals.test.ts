import { expect, it } from 'vitest'
import type { Vitals } from '@/lib/doctor/read-vitals'
import { prepareVitals } from './prepare-vitals'

const well: Vitals = {
  health: {
    status: 'healthy',
    version: '1.0.0',
    uptime: 60,
    database: 'connected',
    recorder: { pending: 0, lagMs: 0, journalBytes: 0 },
  },
  phase: 'serving',
  nodeVersion: '20.0.0',
  rssBytes: 1e8,
  eventLoopLagMs: 12,
  openStreams: 1,
  journalMaxBytes: 1e9,
  droppedBodies: 0,
  quarantined: 0,
  journalFailures: 0,
  databaseBytes: 1e8,
  databaseConnections: 3,
  databaseWaiting: 0,
  diskFreeBytes: 5e10,
  diskBytes: 1e11,
}

const wordOf = (name: string, changes: Partial<Vitals>) => {
  const { status, word } = prepareVitals({ ...well, ...changes }).find((tile) => tile.name === name) ?? {}
  return [status, word]
}

it('calls everything ok when it is', () => {
  expect(prepareVitals(well).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok'])
})

it('tells a server that drains from one that serves', () => {
  expect(wordOf('Server', { phase: 'draining' })).toEqual(['danger', 'draining'])
  expect(wordOf('Server', { health: { ...well.health, status: 'unhealthy' } })).toEqual([
    'danger',
    'turning calls away',
  ])
})

it('does not call a record complete of which a body is missing', () => {
  expect(wordOf('Recorder', { droppedBodies: 1 })).toEqual(['warn', 'incomplete'])
})

it('warns before the journal or the disk is full', () => {
  const health = { ...well.health, recorder: { pending: 5, lagMs: 10, journalBytes: 9e8 } }
  expect(wordOf('Journal', { health })).toEqual(['warn', 'filling'])
  expect(wordOf('Disk', { diskFreeBytes: 1e9 })).toEqual(['danger', 'nearly full'])
})

it('says that the database is away', () => {
  expect(wordOf('Database', { health: { ...well.health, database: 'disconnected' } })).toEqual(['danger', 'away'])
})
