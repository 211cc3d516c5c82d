import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool, type PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { aBegin, anEnd, playExchange, streamOf } from '@/lib/testing/recorder-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Exchange } from './exchange'
import { loadBody } from './load-body'
import { intakeHere } from './open-intake'
import { PostgresBodyStore } from './postgres-body-store'
import { openRecorder, type Recorder, type RecorderOptions } from './recorder'

/** Faults of the database: nothing is lost, nothing is there twice, and nobody waits for somebody else's fault. */
let database: TestDatabase
let dataDir: string
const opened: Recorder[] = []

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-intake-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((recorder) => recorder.close()))
  await rm(dataDir, { recursive: true, force: true })
  await database.pool.query('DROP TRIGGER IF EXISTS fault ON api_requests')
})

async function open(options: Partial<RecorderOptions> = {}): Promise<Recorder> {
  const recorder = await openRecorder({ dataDir, closeWithinMs: 200, ...options })
  opened.push(recorder)
  return recorder
}

/** Plays exchanges in a domain of their own and answers how to check them. */
function playMany(recorder: Recorder, count: number, name: string) {
  const ids = Array.from({ length: count }, () => {
    const begin = aBegin()
    playExchange(
      recorder,
      { ...begin, caller: begin.caller && { ...begin.caller, domain: name } },
      { response: streamOf('Hello') },
    )
    return begin.requestId
  })
  return { ids, name }
}

async function expectOnceEach({ ids, name }: { ids: string[]; name: string }): Promise<void> {
  const { rows } = await database.pool.query('SELECT request_id AS id FROM api_requests WHERE domain = $1 ORDER BY 1', [
    name,
  ])
  expect(rows.map(({ id }) => id)).toEqual([...ids].sort())
  const usage = await database.pool.query(
    `SELECT sum(requests)::int AS requests, sum(input_tokens)::int AS input, sum(output_tokens)::int AS output FROM usage_hours WHERE domain = $1`,
    [name],
  )
  expect(usage.rows[0]).toEqual({ requests: ids.length, input: ids.length * 12, output: ids.length * 7 })
}

/** Makes inserts of rows fail when the condition over NEW is true. */
async function failWhen(condition: string, code: string): Promise<void> {
  await database.pool.query(`
    CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ${condition} THEN RAISE EXCEPTION 'injected' USING ERRCODE = '${code}'; END IF;
      RETURN NEW;
    END $$;
    DROP TRIGGER IF EXISTS fault ON api_requests;
    CREATE TRIGGER fault BEFORE INSERT ON api_requests FOR EACH ROW EXECUTE FUNCTION fault()`)
}

const deadPool = () =>
  new Pool({ connectionString: 'postgresql://postgres@127.0.0.1:9/none', connectionTimeoutMillis: 300 })

test('a database that is away at first gets everything later', async () => {
  let pool = deadPool()
  const recorder = await open({ pool: () => pool })
  const played = playMany(recorder, 30, 'away.example.com')
  await waitUntil(() => recorder.status().lastError !== null)
  expect(recorder.status()).toMatchObject({ pending: 30, isFull: false })
  await pool.end()
  pool = database.pool
  await recorder.flush()
  await expectOnceEach(played)
  expect(recorder.status()).toMatchObject({ pending: 0, lagMs: 0 })
})

test('what a closed recorder could not write, the next one does', async () => {
  const pool = deadPool()
  const first = await open({ pool: () => pool })
  const played = playMany(first, 10, 'next.example.com')
  await first.close()
  await pool.end()
  const second = await open()
  await second.flush()
  await expectOnceEach(played)
  await second.close()
  expect(await readdir(path.join(dataDir, 'journal'))).toEqual([])
})

test('sessions that are terminated again and again cost nothing', async () => {
  const recorder = await open()
  const all: string[] = []
  let isOver = false
  const terminate = async () => {
    while (!isOver) {
      await database.pool
        .query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        )
        .catch(() => undefined)
    }
  }
  const terminating = terminate()
  for (let round = 0; round < 20; round += 1) {
    all.push(...playMany(recorder, 10, 'terminated.example.com').ids)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  isOver = true
  await terminating
  await recorder.flush()
  await expectOnceEach({ ids: all, name: 'terminated.example.com' })
})

describe('transactions that fail now and then', () => {
  test.each(['40P01', '40001', '57P01', '53300', '53100', '58030'])(
    'with %s lose nothing and count nothing twice',
    async (code) => {
      // Counted outside of transactions: each try goes further, and every seventieth row ends one.
      await database.pool.query('CREATE SEQUENCE tried')
      await failWhen(`nextval('tried') % 70 = 0`, code)
      const recorder = await open()
      const played = playMany(recorder, 300, `now-and-then-${code}.example.com`.toLowerCase())
      await recorder.flush()
      const { rows } = await database.pool.query('SELECT last_value::int AS tried FROM tried')
      await database.pool.query('DROP TRIGGER fault ON api_requests; DROP SEQUENCE tried')
      expect(rows[0].tried).toBeGreaterThan(played.ids.length)
      await expectOnceEach(played)
    },
  )

  test('for a reason that nobody knows are tried one by one, and nobody loses a body', async () => {
    await failWhen('random() < 0.2', 'P0001')
    const recorder = await open()
    const played = playMany(recorder, 40, 'unknown.example.com')
    await recorder.flush()
    await expectOnceEach(played)
    for (const id of played.ids) expect(await loadBody(id, 'response')).not.toBeNull()
  })
})

describe('a record that is refused for its own reason', () => {
  test('is recorded without facts and bodies, and the others as they are', async () => {
    await failWhen(
      `NEW.path = '/v1/poison' AND NEW.kind <> 'other' OR NEW.path = '/v1/poison' AND NEW.user_agent = 'x'`,
      '22P05',
    )
    await failWhen(`NEW.path = '/v1/messages' AND NEW.message_count = 3`, '22P05')
    const recorder = await open()
    const messages = [1, 2, 3].map(() => ({ role: 'user', content: 'x' }))
    const poison = aBegin({ body: Buffer.from(JSON.stringify({ messages })) })
    const played = playMany(recorder, 20, 'poison.example.com')
    playExchange(recorder, poison, { response: streamOf('Hello') })
    const later = playMany(recorder, 20, 'poison.example.com')
    await waitUntil(async () => {
      const { rows } = await database.pool.query(
        `SELECT count(*)::int AS count FROM api_requests WHERE domain = 'poison.example.com'`,
      )
      return rows[0].count === 40
    })
    await recorder.flush()
    const { rows } = await database.pool.query(
      'SELECT kind, outcome, status, message_count FROM api_requests WHERE request_id = $1',
      [poison.requestId],
    )
    expect(rows).toEqual([{ kind: 'other', outcome: 'completed', status: 200, message_count: 0 }])
    expect(await loadBody(poison.requestId, 'request')).toBeNull()
    expect(recorder.status().droppedBodies).toBe(1)
    await expectOnceEach({ ids: [...played.ids, ...later.ids], name: 'poison.example.com' })
  })

  test('even as a bare row is set aside with its raw bytes', async () => {
    await failWhen(`NEW.path = '/v1/never'`, '22P05')
    const recorder = await open()
    const poison = aBegin({ target: '/v1/never' })
    playExchange(recorder, poison, {})
    const played = playMany(recorder, 5, 'never.example.com')
    await recorder.flush()
    await expectOnceEach(played)
    expect(recorder.status().quarantined).toBe(1)
    const quarantine = path.join(dataDir, 'journal', 'quarantine')
    expect(await readdir(quarantine)).toEqual([`exchange-${poison.requestId}`])
  })
})

test('a commit whose answer is lost is not done twice', async () => {
  let lost = 0
  const flaky = {
    connect: async () => {
      const client = await database.pool.connect()
      return new Proxy(client, {
        get(target, property) {
          const value = Reflect.get(target, property) as unknown
          if (property !== 'query') return typeof value === 'function' ? value.bind(target) : value
          return async (...given: Parameters<PoolClient['query']>) => {
            const result = await target.query(...given)
            if ((given[0] as unknown) === 'COMMIT' && lost++ < 3)
              throw Object.assign(new Error('Connection terminated unexpectedly'))
            return result
          }
        },
      })
    },
  } as unknown as Pool
  const recorder = await open({ pool: () => flaky })
  const played = playMany(recorder, 12, 'lost.example.com')
  await recorder.flush()
  expect(lost).toBeGreaterThanOrEqual(1)
  await expectOnceEach(played)
})

test('a table that is locked for longer than a query may take delays the record, no more', async () => {
  const pool = new Pool({ connectionString: database.url, query_timeout: 200 })
  const recorder = await open({ pool: () => pool })
  await recorder.flush()
  const blocker = await database.pool.connect()
  await blocker.query('BEGIN; LOCK TABLE api_requests IN ACCESS EXCLUSIVE MODE')
  const played = playMany(recorder, 10, 'locked.example.com')
  await waitUntil(() => recorder.status().lastError !== null)
  await blocker.query('COMMIT')
  blocker.release()
  await recorder.flush()
  await expectOnceEach(played)
  await recorder.close()
  await pool.end()
})

describe('a fault of the linking', () => {
  test('leaves requests unlinked and recorded', async () => {
    const recorder = await open({
      link: async () => {
        throw new TypeError('a bug')
      },
    })
    const played = playMany(recorder, 5, 'link.example.com')
    await recorder.flush()
    await expectOnceEach(played)
  })

  test('inside the database does so as well, and what it wrote is undone', async () => {
    const recorder = await open({
      link: async (tx) => {
        await tx.query(`INSERT INTO settings (key, value) VALUES ('half', '1')`)
        await tx.query('SELECT 1 / 0')
        return new Map()
      },
    })
    const played = playMany(recorder, 5, 'link-sql.example.com')
    await recorder.flush()
    await expectOnceEach(played)
    expect((await database.pool.query(`SELECT * FROM settings WHERE key = 'half'`)).rows).toEqual([])
  })
})

test('a listener that throws disturbs nobody', async () => {
  const recorder = await open()
  recorder.onRecorded(() => {
    throw new Error('a bug')
  })
  const played = playMany(recorder, 3, 'listener.example.com')
  await recorder.flush()
  await expectOnceEach(played)
})

test('with no memory to spare everything goes through the journal', async () => {
  const recorder = await open({ memoryBytes: 0 })
  const begin = aBegin()
  playExchange(recorder, begin, { response: streamOf('Hello', ' again'), end: anEnd() })
  const played = playMany(recorder, 30, 'journal-only.example.com')
  await recorder.flush()
  await expectOnceEach(played)
  expect((await loadBody(begin.requestId, 'response'))?.bytes.equals(streamOf('Hello', ' again'))).toBe(true)
})

test('a fault of our own ends neither the recorder nor a record', async () => {
  const store = new PostgresBodyStore()
  let faults = 0
  vi.spyOn(store, 'committed').mockImplementation(() => {
    if (faults++ < 3) throw new TypeError('a bug')
  })
  const recorder = await open({ store })
  const played = playMany(recorder, 5, 'bug.example.com')
  await recorder.flush()
  const later = playMany(recorder, 5, 'bug.example.com')
  await recorder.flush()
  await expectOnceEach({ ids: [...played.ids, ...later.ids], name: 'bug.example.com' })
})

test('what comes twice, as from a thread that was replaced, is recorded once, and both are let go', async () => {
  const exchange = anExchange()
  const { requestId } = exchange.begin
  const released: string[] = []
  const finished = ['once', 'twice'].map((name) => ({
    ...{ requestId, receivedAtMs: 0, endedAtMs: 0, byteLength: 1, isRepeat: true, places: null },
    load: () => Promise.resolve(exchange),
    release: () => void released.push(name),
    quarantine: () => Promise.reject(new Error('nothing is to be set aside')),
  }))
  const intake = intakeHere({})({ now: Date.now, onRecorded: () => undefined })
  intake.push(finished)
  await intake.flush()
  await intake.stop()
  expect(released).toEqual(['once', 'twice'])
  const { rows } = await database.pool.query('SELECT request_id AS id FROM api_requests WHERE request_id = $1', [
    requestId,
  ])
  expect(rows).toHaveLength(1)
}, 15_000)

function anExchange(): Exchange {
  const responseBody = Buffer.from('{}')
  return {
    begin: aBegin(),
    end: anEnd(),
    responseBody,
    arrivals: [],
    requestBytes: 1,
    responseBytes: responseBody.length,
    requestDrop: null,
    responseDrop: null,
  }
}
