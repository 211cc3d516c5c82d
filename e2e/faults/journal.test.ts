import { afterEach, describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { ms, play, type Played } from './load'
import { expectRecorded, recordedWithin, withDatabase } from './recorded'
import { startWorld, type World } from './world'

/** The journal is full because the database has been away for long. */
describe('D8: a journal that is full', () => {
  let world: World
  afterEach(() => world.close())

  async function fill(fullPolicy: string): Promise<Played[]> {
    world = await startWorld({
      JOURNAL_MAX_BYTES: '1048576',
      JOURNAL_FULL_POLICY: fullPolicy,
    })
    await play(world.app.url)
    await world.postgres.stop()
    const played: Played[] = []
    const isOver = () => (fullPolicy === 'shed' ? played.some(({ status }) => status === 503) : played.length >= 50)
    // Some at a time: what they hold must not take the last tenth, which is kept for rows.
    const some = () => Array.from({ length: 10 }, () => play(world.app.url, 'text?events=300'))
    while (!isOver() && played.length < 500) played.push(...(await Promise.all(some())))
    expect(isOver()).toBe(true)
    await world.postgres.start()
    return played
  }

  it('policy shed: calls are turned away and told when to come again; what was let in is recorded', async () => {
    const played = await fill('shed')
    const [accepted, refused] = [200, 503].map((wanted) => played.filter(({ status }) => status === wanted))
    expect((accepted?.length ?? 0) + (refused?.length ?? 0)).toBe(played.length)
    const catchUpMs = await expectRecorded(world.postgres.url(), played)
    await waitUntil(async () => (await play(world.app.url)).status === 200, {
      timeoutMs: 60_000,
      what: 'calls to be taken again',
    })
    noteFigure({
      name: 'D8',
      what: 'journal full (1 MiB), policy shed',
      measured: `${accepted?.length} recorded with their bytes ${ms(catchUpMs)} after, ${refused?.length} got 503`,
      bar: 'never silent',
    })
  })

  it('policy drop-body: every call is served and has its row; bodies that are missing are counted', async () => {
    const played = await fill('drop-body')
    expect(played.filter(({ status }) => status !== 200)).toEqual([])
    const ids = played.map(({ requestId }) => requestId)
    const count = () =>
      withDatabase(world.postgres.url(), async (client) => {
        const { rows } = await client.query<{ rows: number; bodies: number }>(
          `SELECT count(*)::int AS rows, count(response_sha256)::int AS bodies
           FROM api_requests LEFT JOIN request_bodies USING (request_id) WHERE request_id = ANY($1::uuid[])`,
          [ids],
        )
        return rows[0] ?? { rows: 0, bodies: 0 }
      })
    const found = await waitUntil(
      async () => {
        const now = await count()
        return now.rows === ids.length && now
      },
      { timeoutMs: recordedWithin(60_000), what: 'the rows' },
    )
    const countDropped = async () => {
      const metrics = await (await fetch(`${world.app.url}/metrics`)).text()
      return Number(/^nexus_recorder_dropped_bodies (\d+)/m.exec(metrics)?.[1])
    }
    // The thread that records says it to the one that answers a moment after the commit.
    await expect.poll(countDropped, { timeout: 30_000 }).toBe(ids.length - found.bodies)
    const dropped = await countDropped()
    expect(dropped).toBeGreaterThan(0)
    noteFigure({
      name: 'D8',
      what: 'journal full (1 MiB), policy drop-body',
      measured: `${found.rows} rows, ${found.bodies} with bodies, ${dropped} counted as dropped, 0 refused`,
      bar: 'never silent',
    })
  })
})
