import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { createDistantDatabase } from '@/lib/testing/distant-database'
import { dayMs, makeDomain, recordCall } from '@/lib/testing/retention-fixtures'
import { queryKeptSince } from '@/lib/usage/kept-since'
import * as finishErasuresModule from './finish-erasures'
import { asOnlyJob } from './job-client'
import { listSweeps } from './list-sweeps'
import * as shrinkWeekModule from './shrink-week'
import { saveStar } from './stars'
import { endBrokenSweeps, sweep } from './sweep'
import { sweepLock } from './sweep-lock'

/** Sweeps that do not come to their end. */

let database: Awaited<ReturnType<typeof createDistantDatabase>>

beforeAll(async () => void (database = await createDistantDatabase()))
afterAll(() => database.drop())
beforeEach(() => hotPool().query('TRUNCATE sweeps'))
afterEach(() => vi.restoreAllMocks())

const beginAndDie = () => hotPool().query('INSERT INTO sweeps (id) VALUES ($1)', [newId()])

test('a sweep that the database left in its middle says so when it is back', async () => {
  vi.spyOn(finishErasuresModule, 'finishErasures').mockImplementationOnce(async (client) => {
    database.goAway(1_000)
    return (await client.query('SELECT pg_sleep(5)')) as never
  })
  await expect(sweep(null)).rejects.toThrow()
  expect(await listSweeps()).toMatchObject([
    { finishedAt: expect.any(Date), error: 'The database was away. The next sweep goes on.' },
  ])
})

test('what a sweep failed of is told, though the database goes away as well', async () => {
  vi.spyOn(finishErasuresModule, 'finishErasures').mockImplementationOnce(() => {
    database.goAway(1_000)
    throw new Error('the first of two faults')
  })
  await expect(sweep(null)).rejects.toThrow('the first of two faults')
  expect(await listSweeps()).toMatchObject([{ error: 'the first of two faults' }])
})

test('a sweep that a backup keeps from the tables says so', async () => {
  const lockTimeout = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
  vi.spyOn(finishErasuresModule, 'finishErasures').mockRejectedValueOnce(lockTimeout)
  await expect(sweep(null)).rejects.toThrow('lock timeout')
  expect(await listSweeps()).toMatchObject([{ error: expect.stringContaining('such as a backup') }])
})

test('a sweep whose process ended is under way no more when the next one begins', async () => {
  await beginAndDie()
  await sweep('somebody')
  expect(await listSweeps()).toMatchObject([
    { startedBy: 'somebody', error: null },
    { finishedAt: expect.any(Date), error: expect.stringContaining('process') },
  ])
})

test('a sweep that goes on in another process is not ended by one that starts', async () => {
  await beginAndDie()
  await asOnlyJob(sweepLock, () => endBrokenSweeps())
  expect(await listSweeps()).toMatchObject([{ finishedAt: null, error: null }])
  await endBrokenSweeps()
  expect(await listSweeps()).toMatchObject([{ finishedAt: expect.any(Date) }])
})

test('a sweep that breaks off behind a week leaves no figures that are computed from what is left of it', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-broken-'))
  const nowMs = Date.parse('2033-06-30T12:00:00Z')
  const atMs = nowMs - 60 * dayMs
  const domainId = await makeDomain('broken.example.com', { rowDays: 30 })
  const starred = await recordCall(dataDir, { domainId, atMs, content: 'a' })
  await recordCall(dataDir, { domainId, atMs, content: 'b' })
  await saveStar({ what: 'request', id: starred, isStarred: true, domains: null })
  const { shrinkWeek } = shrinkWeekModule
  vi.spyOn(shrinkWeekModule, 'shrinkWeek').mockImplementation(async (client, week, expiry) => {
    const gone = await shrinkWeek(client, week, expiry)
    if (week.table === 'api_requests') throw new Error('broken off')
    return gone
  })
  await expect(sweep(null, nowMs)).rejects.toThrow('broken off')
  expect((await queryKeptSince())?.getTime()).toBeGreaterThan(atMs)
  await rm(dataDir, { recursive: true })
})
