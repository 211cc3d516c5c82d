import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { ProcessBoard, type ProcessFigures } from './process-board'
import { sumRecord } from './sum-record'

const idle: ProcessFigures = {
  ...{ openStreams: 0, pending: 0, lagMs: 0, journalBytes: 0, journalMaxBytes: 1_000, isFull: false },
  ...{ journalFailures: 0, droppedBodies: 0, quarantined: 0, rssBytes: 1, diskFreeBytes: 1, diskBytes: 2 },
}

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await hotPool().query('TRUNCATE processes')
})
afterAll(() => database.drop())

interface Given {
  readonly host: string
  readonly figures?: Partial<ProcessFigures>
  readonly journalId?: string | null
}

function makeBoard({ host, figures = {}, journalId = `journal of ${host}` }: Given): ProcessBoard {
  const own = { id: newId(), journalId, host, pid: 1, role: 'proxy', version: '1', startedAt: new Date() }
  return new ProcessBoard(own, async () => ({ ...idle, ...figures }))
}

/** As if the process had said nothing for that long. */
const silence = (host: string, seconds: number) =>
  hotPool().query(`UPDATE processes SET seen_at = now() - $2 * interval '1 second' WHERE host = $1`, [host, seconds])

async function seenBy(board: ProcessBoard): Promise<string[]> {
  await board.sync()
  return board.listOthers().map(({ host, condition }) => `${host} ${condition}`)
}

it('each process knows how the others are', async () => {
  const alpha = makeBoard({ host: 'alpha' })
  await makeBoard({ host: 'beta', figures: { pending: 3, lagMs: 5_000 } }).sync()
  expect(await seenBy(alpha)).toEqual(['beta running'])
  expect(alpha.listOthers()[0]).toMatchObject({ role: 'proxy', figures: { pending: 3, lagMs: 5_000 } })
})

it('a process that leaves with everything recorded is forgotten at once', async () => {
  const beta = makeBoard({ host: 'beta' })
  await beta.sync()
  await beta.leave()
  expect(await seenBy(makeBoard({ host: 'alpha' }))).toEqual([])
})

it('a process that was killed with nothing in its journal is forgotten after a while', async () => {
  await makeBoard({ host: 'beta' }).sync()
  await silence('beta', 40)
  const alpha = makeBoard({ host: 'alpha' })
  expect(await seenBy(alpha)).toEqual(['beta running'])
  await silence('beta', 60)
  expect(await seenBy(alpha)).toEqual([])
})

it.each([
  ['requests that wait', { pending: 2, lagMs: 1_000 }],
  ['streams that ran', { openStreams: 1 }],
])('a process that was killed with %s is told of, and what it left gets older', async (_what, figures) => {
  await makeBoard({ host: 'beta', figures }).sync()
  await silence('beta', 3_600)
  const alpha = makeBoard({ host: 'alpha' })
  expect(await seenBy(alpha)).toEqual(['beta gone'])
  expect(sumRecord(alpha.listOthers()).lagMs).toBeGreaterThanOrEqual(3_600_000)
})

it('nobody is told of once another process runs on the same data folder: it takes the journal over', async () => {
  await makeBoard({ host: 'beta', figures: { pending: 2 } }).sync()
  await silence('beta', 60)
  const heir = makeBoard({ host: 'beta-again', journalId: 'journal of beta' })
  await heir.sync()
  expect(await seenBy(makeBoard({ host: 'alpha' }))).toEqual(['beta-again running'])
  await silence('beta', 600)
  await heir.sync()
  const { rows } = await hotPool().query<{ host: string }>('SELECT host FROM processes ORDER BY host')
  expect(rows.map(({ host }) => host)).toEqual(['alpha', 'beta-again'])
})

it('a process without a journal leaves nothing to tell of', async () => {
  await makeBoard({ host: 'beta', figures: { pending: 2 }, journalId: null }).sync()
  await silence('beta', 60)
  expect(await seenBy(makeBoard({ host: 'alpha' }))).toEqual([])
})

it('the record is as far behind as the process that is furthest behind', async () => {
  await makeBoard({ host: 'beta', figures: { pending: 3, lagMs: 5_000, journalBytes: 900 } }).sync()
  await makeBoard({ host: 'gamma', figures: { pending: 1, lagMs: 9_000, journalBytes: 100 } }).sync()
  const alpha = makeBoard({ host: 'alpha' })
  await alpha.sync()
  expect(sumRecord(alpha.listOthers())).toEqual({ pending: 4, lagMs: 9_000, journalBytes: 1_000, journalShare: 0.9 })
})
