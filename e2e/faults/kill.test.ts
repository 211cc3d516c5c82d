import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure, sayProgress } from './figures'
import { ms, startLoad, type Played } from './load'
import { expectCharged, expectRecorded, withDatabase } from './recorded'
import { sized } from './size'
import { startWorld, type World } from './world'

/** Processes that are killed, databases that go away under them. */
let world: World
const streams = sized(15, 50)

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** Every accepted call has exactly one row, and the sums are what the upstream charged. */
async function expectNothingLost(played: readonly Played[]): Promise<number> {
  const catchUpMs = await expectRecorded(world.postgres.url(), played, { timeoutMs: 120_000, wasKilled: true })
  await expectCharged(world)
  return catchUpMs
}

it('D10: kill -9 at random instants, and a database that bounces, lose nothing and count nothing twice', async () => {
  const kills = sized(2, 200)
  const bounces = sized(1, 20)
  const all: Played[] = []
  let catchUpMs = 0
  for (let round = 0; round < kills; round += 1) {
    const load = startLoad(world.app.url, streams)
    await waitUntil(() => load.played.length >= streams, { timeoutMs: 60_000, what: 'calls before the kill' })
    const isBounce = round % Math.ceil(kills / bounces) === 0
    const bounced = isBounce ? world.postgres.crash().then(() => world.postgres.start()) : Promise.resolve()
    await delay(Math.random() * 500)
    const killed = world.app.kill()
    all.push(...(await stopAfter(killed, load)))
    await bounced
    world.app = await world.startApp()
    // What is lost is seen soon after it was.
    if ((round + 1) % 20 !== 0 && round + 1 < kills) continue
    catchUpMs = await expectNothingLost(all)
    sayProgress(`D10: ${round + 1} of ${kills} kills, ${all.length} calls, nothing lost, nothing twice`)
  }
  const accepted = all.filter(({ requestId }) => requestId !== null).length
  const orphans = await withDatabase(world.postgres.url(), (client) =>
    client.query(`SELECT count(*)::int AS count FROM api_requests WHERE outcome = 'interrupted'`),
  )
  noteFigure({
    name: 'D10',
    what: `${kills} kill -9, ${bounces} crashes of the database, ${streams} streams`,
    measured: `${accepted} accepted, each one row (${orphans.rows[0].count} interrupted), tokens as charged, ${ms(catchUpMs)} after`,
    bar: '0 lost, 0 twice',
  })
})

async function stopAfter(killed: Promise<void>, load: ReturnType<typeof startLoad>): Promise<readonly Played[]> {
  // Calls to a dead process fail at once: the load must not go on for them.
  const stopped = load.stop()
  await killed
  return stopped
}

it('E5: an exception that nobody caught ends the process, and the next one has every record', async () => {
  const thrower = `process.on('SIGUSR2', () => setTimeout(() => { throw new Error('planted') }))`
  await world.app.stop()
  world.app = await world.startApp({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(thrower)}` })
  const load = startLoad(world.app.url, streams)
  await waitUntil(() => load.played.length >= streams, { timeoutMs: 60_000, what: 'calls before the exception' })
  process.kill(world.app.pid, 'SIGUSR2')
  const played = await load.stop()
  expect(await world.app.stop()).toBe(1)
  expect(world.app.log()).toContain('planted')
  const startedAt = performance.now()
  world.app = await world.startApp()
  const startMs = performance.now() - startedAt
  await expectNothingLost(played)
  noteFigure({
    name: 'E5',
    what: 'an uncaught exception',
    measured: `exit 1, said in the log, next process ready after ${ms(startMs)}, all recorded`,
    bar: 'exit 1, 0 lost',
  })
})
