import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { medianOf, ms, p99Of, pacedScenario, play, startLoad, usualScenario, type Played } from './load'
import { expectCharged, expectRecorded, withDatabase } from './recorded'
import { isFull, sized } from './size'
import { startWorld, type World } from './world'

/** The database fails in every way it can; no client notices, and nothing is lost or there twice. */
let world: World
const streams = sized(10, 50)
const scenario = sized(usualScenario, pacedScenario)
/** How long the load is watched without a fault, to compare with. */
const quietMs = sized(0, 12_000)

beforeAll(async () => {
  world = await startWorld()
  // Everything warm: caches, connections, compiled code.
  await Promise.all(Array.from({ length: streams }, () => play(world.app.url)))
})
afterAll(() => world.close())

interface Fault {
  readonly name: string
  readonly what: string
  /** In the full form; a second in the other. */
  readonly fullMs?: number
  begin(): Promise<void> | void
  end(): Promise<void> | void
}

/** What the clients see of `lastsMs` of load, at least a few calls of each. */
async function playFor(lastsMs: number, atItsEnd: () => Promise<void> | void = () => undefined) {
  const load = startLoad(world.app.url, streams, scenario)
  await delay(lastsMs)
  await waitUntil(() => load.played.length >= streams * 3, { timeoutMs: 60_000, what: 'calls' })
  const during = [...load.played]
  await atItsEnd()
  return { during, all: await load.stop() }
}

/** Plays calls before, during and after a fault, and notes what the clients felt of it. */
async function playThrough(fault: Fault): Promise<void> {
  const { all: before } = await playFor(quietMs)
  await fault.begin()
  const { during, all } = await playFor(sized(1_000, fault.fullMs ?? 20_000), () => fault.end())
  expectServed([...before, ...all])
  const catchUpMs = await expectRecorded(world.postgres.url(), [...before, ...all], { timeoutMs: 120_000 })
  await expectCharged(world)
  const after = isFull ? (await playFor(quietMs)).all : before
  // The worse of two quiet stretches: neighbours on the machine disturb them as well.
  const quietP99 = Math.max(p99Of(before), p99Of(after))
  const quietMedian = Math.max(medianOf(before), medianOf(after))
  const added = Math.max(0, p99Of(during) - quietP99)
  const usuallyAdded = Math.max(0, medianOf(during) - quietMedian)
  noteFigure({
    name: fault.name,
    what: `${fault.what}, ${streams} streams`,
    measured: `${all.length} calls, 0 failed, to the head ${ms(quietMedian)} +${ms(usuallyAdded)}, p99 ${ms(quietP99)} +${ms(added)}, all recorded ${ms(catchUpMs)} after`,
    bar: '0 failed, +20 ms, 60 s',
  })
  // A few calls have no p99 to speak of, and on a busy machine that of many is its neighbours' affair.
  if (isFull) expect(usuallyAdded).toBeLessThanOrEqual(Math.max(20, quietMedian))
  if (isFull) expect(added).toBeLessThanOrEqual(Math.max(20, 3 * quietP99))
  if (isFull) expect(catchUpMs).toBeLessThan(60_000)
}

function expectServed(played: readonly Played[]): void {
  expect(played.filter(({ status, isComplete }) => status !== 200 || !isComplete)).toEqual([])
}

const minute = sized('1 s', '60 s')
const query = (sql: string) => withDatabase(world.postgres.url(), (client) => client.query(sql))

it('D2: a database that is stopped is not missed', () =>
  playThrough({
    name: 'D2',
    what: `stopped for ${minute}`,
    fullMs: 60_000,
    begin: () => world.postgres.stop(),
    end: () => world.postgres.start(),
  }))

it('D3: a database that is frozen holds up nobody', () =>
  playThrough({
    name: 'D3',
    what: `frozen for ${minute}`,
    fullMs: 60_000,
    begin: () => world.postgres.freeze(),
    end: () => world.postgres.thaw(),
  }))

it('D4: a database that crashes and recovers, again and again, has every record', () => {
  const crashes = sized(1, 20)
  let over = Promise.resolve()
  const crashAll = async () => {
    for (let crash = 0; crash < crashes; crash += 1) {
      await world.postgres.crash()
      await world.postgres.start()
    }
  }
  return playThrough({
    name: 'D4',
    what: `crashed and recovered, ${crashes} times`,
    begin: () => void (over = crashAll()),
    end: () => over,
  })
})

it('D4: connections that are reset again and again cost nothing', () => {
  const stop = new AbortController()
  return playThrough({
    name: 'D4',
    what: 'connections reset every 100 ms',
    begin: () => {
      const timer = setInterval(() => world.databaseLine.reset(), 100)
      stop.signal.addEventListener('abort', () => clearInterval(timer))
    },
    end: () => stop.abort(),
  })
})

it('D5: a slow database delays the record, not the calls', () =>
  playThrough({
    name: 'D5',
    what: 'every answer of the database 2 s late',
    begin: () => void (world.databaseLine.latencyMs = 1_000),
    end: () => void (world.databaseLine.latencyMs = 0),
  }))

it('D5: a locked table delays the record, not the calls', async () => {
  let release = () => {}
  const held = withDatabase(world.postgres.url(), async (client) => {
    await client.query('BEGIN; LOCK TABLE api_requests IN ACCESS EXCLUSIVE MODE')
    await new Promise<void>((resolve) => (release = resolve))
    await client.query('COMMIT')
  })
  await waitUntil(async () => (await query(`SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock'`)).rowCount, {
    timeoutMs: 60_000,
    what: 'the lock',
  })
  await playThrough({
    name: 'D5',
    what: `api_requests locked for ${minute}`,
    fullMs: 60_000,
    begin: () => undefined,
    end: async () => {
      release()
      await held
    },
  }).finally(release)
})

const failing = (code: string, share: number) => `
  CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF random() < ${share} THEN RAISE EXCEPTION 'planted' USING ERRCODE = '${code}'; END IF;
    RETURN NULL;
  END $$;
  DROP TRIGGER IF EXISTS fault ON api_requests;
  CREATE TRIGGER fault AFTER INSERT ON api_requests FOR EACH STATEMENT EXECUTE FUNCTION fault()`

it.each([
  { code: '40P01', what: 'deadlocks' },
  { code: '53300', what: 'too many connections' },
])('D6: one commit in five fails with $code, and no batch is lost or counted twice', ({ code, what }) =>
  playThrough({
    name: 'D6',
    what: `one commit in five fails: ${what}`,
    begin: async () => void (await query(failing(code, 0.2))),
    end: async () => void (await query('DROP TRIGGER fault ON api_requests')),
  }),
)

it('D7: a disk of the database that is full stops the record, not the calls', () =>
  playThrough({
    name: 'D7',
    what: 'every write refused: disk full (53100)',
    begin: async () => void (await query(failing('53100', 1))),
    end: async () => void (await query('DROP TRIGGER fault ON api_requests')),
  }))
