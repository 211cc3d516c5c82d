import { expect, it } from 'vitest'
import { prepareVitals, type Vitals } from './prepare-vitals'

const alpha: Vitals['processes'][number] = {
  ...{ id: 'a', host: 'alpha', pid: 1, role: 'all', version: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z' },
  ...{ silentMs: 0, condition: 'running' },
  figures: {
    ...{ openStreams: 1, pending: 0, lagMs: 0, journalBytes: 0, journalMaxBytes: 1e9, isFull: false },
    ...{ journalFailures: 0, droppedBodies: 0, quarantined: 0, rssBytes: 1e8, diskFreeBytes: 5e10, diskBytes: 1e11 },
  },
}
const beside = (figures: Partial<typeof alpha.figures>): Vitals['processes'] => [
  alpha,
  { ...alpha, id: 'b', host: 'beta', figures: { ...alpha.figures, ...figures } },
]

const well: Vitals = {
  health: {
    status: 'healthy',
    version: '1.0.0',
    uptime: 60,
    database: 'connected',
    recorder: { pending: 0, lagMs: 0, journalBytes: 0, journalShare: 0 },
  },
  phase: 'serving',
  nodeVersion: '20.0.0',
  rssBytes: 1e8,
  mainMemory: { heapBytes: 50 * 2 ** 20, externalBytes: 1e6 },
  recorderMemory: { heapBytes: 20 * 2 ** 20, externalBytes: 1e6 },
  eventLoopLagMs: 12,
  processes: [alpha],
  databaseBytes: 1e8,
  databaseConnections: 3,
  databaseWaiting: 0,
}

const wordOf = (name: string, changes: Partial<Vitals>) => {
  const { status, word } = prepareVitals({ ...well, ...changes }).find((tile) => tile.name === name) ?? {}
  return [status, word]
}

const detailOf = (name: string, changes: Partial<Vitals>) =>
  prepareVitals({ ...well, ...changes }).find((tile) => tile.name === name)?.detail

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
  expect(wordOf('Recorder', { processes: beside({ droppedBodies: 1 }) })).toEqual(['warn', 'incomplete'])
})

it('is alarmed when a body does not come back as it passed', () => {
  const processes = beside({ checkedBodies: 40, damagedBodies: 1, droppedBodies: 1 })
  expect(wordOf('Recorder', { processes })).toEqual(['danger', 'damaged'])
  expect(detailOf('Recorder', { processes })).toContain('1 of 40 bodies read back are not as they passed')
})

it('tells the heap of the recorder where it has a thread of its own', () => {
  expect(detailOf('Process', {})).toContain('Heap 50 MB, of the recorder 20 MB')
  expect(detailOf('Process', { recorderMemory: null })).not.toContain('recorder')
})

it('warns before the journal or the disk of any process is full', () => {
  const health = { ...well.health, recorder: { pending: 5, lagMs: 10, journalBytes: 9e8, journalShare: 0.9 } }
  expect(wordOf('Journal', { health })).toEqual(['warn', 'filling'])
  expect(wordOf('Disk', { processes: beside({ diskFreeBytes: 1e9 }) })).toEqual(['danger', 'nearly full'])
})

it('says that the database is away', () => {
  expect(wordOf('Database', { health: { ...well.health, database: 'disconnected' } })).toEqual(['danger', 'away'])
})
