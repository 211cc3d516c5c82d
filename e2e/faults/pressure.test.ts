import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start } from '@/e2e/conformance/client'
import { bearer, messagesBody, usualHeaders } from '@/e2e/conformance/usual-call'
import { teamA } from '@/e2e/conformance/world'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { begin, ms, p99Of, pacedScenario, play, startLoad, usualScenario, type Played } from './load'
import { expectCharged, expectRecorded, recordedWithin, withDatabase } from './recorded'
import { sized } from './size'
import { ToxicProxy } from './toxic-proxy'
import { growthDuring, startWorld, type World } from './world'

/** Little memory, thin lines, an upstream that is overloaded, a clock that jumps, a dashboard that is busy. */
let world: World
const dashboardKey = 'pressure-dashboard-key-0123456789'
const clockFile = path.join(tmpdir(), `nexus-faults-clock-${process.pid}`)
const clockTakenFile = `${clockFile}-taken`

/** In every thread of the app the time of day is off by what the file says. */
const movableClock = `
  import { readFileSync, writeFileSync } from 'node:fs'
  const OwnDate = Date
  let offMs = 0
  setInterval(() => {
    offMs = Number(readFileSync(${JSON.stringify(clockFile)}, 'utf8')) || 0
    writeFileSync(${JSON.stringify(clockTakenFile)}, String(offMs))
  }, 20).unref()
  globalThis.Date = class extends OwnDate {
    static now() { return OwnDate.now() + offMs }
    static UTC = OwnDate.UTC
    static parse = OwnDate.parse
    constructor(...parts) { parts.length === 0 ? super(OwnDate.now() + offMs) : super(...parts) }
  }`

beforeAll(async () => {
  writeFileSync(clockFile, '0')
  world = await startWorld({
    DASHBOARD_API_KEY: dashboardKey,
    NODE_OPTIONS: `--max-old-space-size=256 --import=data:text/javascript,${encodeURIComponent(movableClock)}`,
  })
  allServed(await Promise.all(Array.from({ length: 10 }, () => play(world.app.url))))
})
afterAll(async () => {
  await world.close()
  for (const file of [clockFile, clockTakenFile]) rmSync(file, { force: true })
})

const allServed = (played: readonly Played[]) =>
  expect(played.filter(({ status, isComplete }) => status !== 200 || !isComplete)).toEqual([])

it('B9: lines that are thin and lose packets on both sides make calls slow, not wrong', async () => {
  const clientLine = await ToxicProxy.start(Number(new URL(world.app.url).port))
  const lines = [clientLine, world.upstreamLine]
  // 4 KB in 4 ms: about 8 Mbit/s.
  for (const line of lines) Object.assign(line, { pieceBytes: 4_096, latencyMs: 4, lossShare: 0.05 })
  const load = startLoad(`http://127.0.0.1:${clientLine.port}`, sized(10, 50), sized(usualScenario, pacedScenario))
  await delay(sized(2_000, 60_000))
  const played = await load.stop()
  for (const line of lines) Object.assign(line, { pieceBytes: Infinity, latencyMs: 0, lossShare: 0 })
  await clientLine.close()
  allServed(played)
  await expectRecorded(world.postgres.url(), played, { timeoutMs: 120_000 })
  await expectCharged(world)
  noteFigure({
    name: 'B9',
    what: `8 Mbit/s, 5 % of the packets late, both sides, ${sized('2 s', '60 s')}`,
    measured: `${played.length} calls, 0 failed, every byte as sent`,
    bar: '0 failed, bytes equal',
  })
})

it('B11: an upstream that is overloaded is not asked more often than the clients ask, and used again at once', async () => {
  const isOverloaded = (on: boolean) => world.fake.forCredential(teamA.accountKey, on ? 'error?status=529' : null)
  const ask = async () => {
    const headers = [...bearer(teamA.clientKey), ...usualHeaders]
    return (await start(world.app.url, { headers, body: messagesBody() }).read()).status
  }
  const askedBefore = world.fake.requests.length
  isOverloaded(true)
  const statuses: number[] = []
  const endsAt = performance.now() + sized(2_000, 60_000)
  const keepAsking = async () => {
    while (performance.now() < endsAt) statuses.push(await ask())
  }
  await Promise.all(Array.from({ length: 20 }, keepAsking))
  const attempts = world.fake.requests.length - askedBefore
  isOverloaded(false)
  const healedAt = performance.now()
  await waitUntil(async () => (await ask()) === 200, { timeoutMs: 60_000, what: 'the first call to be served' })
  const backMs = performance.now() - healedAt
  expect(statuses.every((status) => status === 529 || status === 503)).toBe(true)
  expect(attempts).toBeLessThanOrEqual(statuses.length * 1.2)
  noteFigure({
    name: 'B11',
    what: `529 to everything for ${sized('2 s', '60 s')}, 20 clients`,
    measured: `${statuses.length} calls told so, upstream asked ${attempts} times, served again ${ms(backMs)} after`,
    bar: '1.2 attempts a call, 5 s',
  })
})

it('E6: more large bodies at once than there is memory for wait or are refused, and the process stays small', async () => {
  const count = sized(60, 200)
  const body = messagesBody({ system: randomBytes(3.75 * 1024 * 1024).toString('base64') })
  const send = async () => {
    const { status, isComplete, sha256, header, body: said } = await begin(world.app.url, usualScenario, body).read()
    return { requestId: header('x-nexus-request-id'), status, isComplete, sha256, said: said.toString(), headMs: 0 }
  }
  let played: Awaited<ReturnType<typeof send>>[] = []
  const relaying = await growthDuring(world.app.pid, async () => {
    played = await Promise.all(Array.from({ length: count }, send))
  })
  const refused = played.filter(({ status }) => status !== 200)
  for (const { status, said } of refused) {
    expect({ status, error: JSON.parse(said).error }).toMatchObject({
      status: 503,
      error: { type: 'overloaded_error' },
    })
  }
  const served = played.filter(({ status }) => status === 200)
  allServed(served)
  const recording = await growthDuring(world.app.pid, () =>
    expectRecorded(world.postgres.url(), served, { timeoutMs: 300_000 }),
  )
  allServed(await Promise.all(Array.from({ length: 10 }, () => play(world.app.url))))
  noteFigure({
    name: 'E6',
    what: `${count} bodies of 5 MB at once, heap 256 MB`,
    measured: `${served.length} served, ${refused.length} told to come again; resident +${relaying.toFixed(0)} MB, +${recording.toFixed(0)} MB more to record them`,
    bar: 'each answered, +400 MB',
  })
  expect(relaying + recording).toBeLessThan(400)
})

it('D15: a clock that jumps an hour on and two back bends no duration and no conversation', async () => {
  const messages: object[] = []
  const converse = async () => {
    messages.push({ role: 'user', content: `Turn ${messages.length} of a conversation about clocks.` })
    const body = messagesBody({ messages: [...messages], stream: false })
    const reply = await begin(world.app.url, 'text', body).read()
    const { content } = JSON.parse(reply.body.toString()) as { content: unknown }
    messages.push({ role: 'assistant', content })
    return reply.header('x-nexus-request-id') ?? ''
  }
  const jumpTo = async (hours: number) => {
    const offMs = String(hours * 3_600_000)
    writeFileSync(clockFile, offMs)
    const hasJumped = () => readFileSync(clockTakenFile, 'utf8') === offMs
    await waitUntil(hasJumped, { timeoutMs: 20_000, what: 'the clock to jump' })
  }
  const load = startLoad(world.app.url, 10, 'text?ms=20&events=30')
  const turns = [await converse()]
  for (const hours of [1, -1, 0]) {
    await jumpTo(hours)
    turns.push(await converse())
  }
  const played = await load.stop()
  allServed(played)
  await expectRecorded(world.postgres.url(), played)
  await expectCharged(world)
  const { rows } = await withDatabase(world.postgres.url(), async (client) => {
    const isThere = async () =>
      (await client.query('SELECT FROM api_requests WHERE request_id = ANY($1::uuid[])', [turns])).rowCount ===
      turns.length
    await waitUntil(isThere, { timeoutMs: recordedWithin(30_000), what: 'the turns' })
    return client.query(
      `SELECT count(DISTINCT conversation_id) FILTER (WHERE request_id = ANY($1::uuid[]))::int AS conversations,
         min(first_byte_ms) >= 0 AND min(response_time_ms) >= 0 AND max(response_time_ms) < 60000 AS sane
       FROM api_requests WHERE request_id = ANY($1::uuid[] || $2::uuid[])`,
      [turns, played.map(({ requestId }) => requestId)],
    )
  })
  expect(rows).toEqual([{ conversations: 1, sane: true }])
  noteFigure({
    name: 'D15',
    what: 'the clock jumps +1 h, -2 h, +1 h under 10 streams',
    measured: `${played.length} calls recorded, durations of real time, ${turns.length} turns in one conversation`,
    bar: '0 lost, durations ≥ 0',
  })
})

it('E10: a dashboard that is used heavily fails no call', async () => {
  const lookAll = async (until: AbortSignal) => {
    let looks = 0
    const targets = [
      '/api/requests?limit=100',
      '/api/conversations?limit=50',
      '/api/stats',
      '/api/token-usage/current?window=300',
    ]
    while (!until.aborted)
      for (const target of targets) {
        const { status } = await fetch(`${world.app.url}${target}`, { headers: { 'x-dashboard-key': dashboardKey } })
        expect(status).toBeLessThan(500)
        looks += 1
      }
    return looks
  }
  const playFor = async (lastsMs: number) => {
    const load = startLoad(world.app.url, sized(10, 50), pacedScenario)
    await delay(lastsMs)
    return load.stop()
  }
  const lastsMs = sized(1_500, 20_000)
  const before = await playFor(lastsMs)
  const over = new AbortController()
  const looking = Promise.all(Array.from({ length: 20 }, () => lookAll(over.signal)))
  const during = await playFor(lastsMs)
  over.abort()
  const looks = (await looking).reduce((sum, count) => sum + count, 0)
  allServed([...before, ...during])
  noteFigure({
    name: 'E10',
    what: `20 people at the dashboard without pause, ${sized(10, 50)} streams`,
    measured: `${looks} looks, 0 calls failed, p99 to the head ${ms(p99Of(before))} before, ${ms(p99Of(during))} meanwhile`,
    bar: '0 failed',
  })
})
