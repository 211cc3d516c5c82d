import type { Client } from 'pg'
import { expect, test, vi } from 'vitest'
import { betweenBatches } from './between-batches'

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

/** A database in which recorders never let go. */
function busyClient(): { client: Client; statements: string[] } {
  const statements: string[] = []
  const query = async (sql: string) => {
    statements.push(sql)
    if (sql.includes('pg_advisory'))
      throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
  }
  return { client: { query } as unknown as Client, statements }
}

test('work that finds no moment between batches ends in an error that says what to do, and nothing was done', async () => {
  const { client, statements } = busyClient()
  const work = vi.fn()
  await expect(betweenBatches(client, work)).rejects.toMatchObject({
    code: 'unavailable',
    publicMessage: expect.stringContaining('Try again in a minute.'),
  })
  expect([work.mock.calls.length, statements.at(-1)]).toEqual([0, 'ROLLBACK'])
})

test('who waits for batches waits longer each time, but less than makes a recorder give its batch up', async () => {
  const { client, statements } = busyClient()
  await betweenBatches(client, vi.fn()).catch(() => undefined)
  const waits = statements.flatMap((sql) => /lock_timeout = (\d+)/.exec(sql)?.[1] ?? []).map(Number)
  expect(waits).toEqual(waits.toSorted((one, other) => one - other))
  expect(waits.at(-1)).toBe(8_000)
})
