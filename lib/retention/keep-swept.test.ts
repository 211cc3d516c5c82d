import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepSwept } from './keep-swept'
import { sweep } from './sweep'

vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void vi.setSystemTime(Date.now() + ms),
}))
vi.mock('./sweep', () => ({ sweep: vi.fn(), endBrokenSweeps: async () => undefined }))
vi.mock('./sample-storage', () => ({ sampleStorage: async () => undefined }))

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-25T02:00:00Z') }))
afterEach(() => vi.useRealTimers())

/** When the first sweeps begin; each ends as told. */
async function watchSweeps(...ends: (() => null)[]): Promise<string[]> {
  const stop = new AbortController()
  const begun: string[] = []
  vi.mocked(sweep).mockImplementation(async () => {
    const end = ends[begun.length]
    begun.push(new Date().toISOString())
    if (begun.length === ends.length) stop.abort()
    return end?.() ?? null
  })
  await keepSwept(stop.signal)
  return begun
}

const fail = () => {
  throw new Error('a backup holds the tables')
}
const succeed = () => null

test('a sweep that fails is tried again in an hour: what stood in its way may be there every night', async () => {
  expect(await watchSweeps(fail, fail, succeed, succeed)).toEqual([
    '2026-11-25T03:00:00.000Z',
    '2026-11-25T04:00:00.000Z',
    '2026-11-25T05:00:00.000Z',
    '2026-11-26T03:00:00.000Z',
  ])
})
