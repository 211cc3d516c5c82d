import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '@/lib/testing/free-port'
import type { RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Reply } from '../conformance/client'
import { call, portOf, startCluster, type Cluster } from './cluster'
import { fronts, type Front } from './front'

const streams = 50
// A balancer that asks once a second must have noticed who leaves, however busy the machine is.
const settings = { DRAIN_DELAY_MS: '5000' }
let cluster: Cluster
let replicas: RunningApp[]
let database: Client

beforeAll(async () => {
  cluster = await startCluster()
  replicas = [await cluster.start('first', { env: settings }), await cluster.start('second', { env: settings })]
  database = new Client({ connectionString: cluster.databaseUrl })
  await database.connect()
})

afterAll(async () => {
  await database?.end()
  await cluster?.stop()
})

async function countRows(where: string): Promise<number> {
  const { rows } = await database.query(`SELECT count(*)::int AS count FROM api_requests WHERE ${where}`)
  return rows[0].count as number
}

/** Takes one replica after the other out, restarts it and puts it back. */
async function restartAll(front: Front): Promise<void> {
  for (const [number, name] of ['first', 'second'].entries()) {
    const leaving = replicas[number] as RunningApp
    await front.sendTo(replicas.filter((other) => other !== leaving).map(portOf))
    expect(await leaving.stop()).toBe(0)
    const back = await cluster.start(name, { port: portOf(leaving), env: settings })
    replicas[number] = back
    await front.sendTo(replicas.map(portOf))
    await waitUntil(() => hasCalls(back), { timeoutMs: 60_000, what: 'calls to reach who came back' })
  }
}

async function hasCalls({ url }: RunningApp): Promise<boolean> {
  return /^nexus_open_streams [1-9]/m.test(await (await fetch(`${url}/metrics`)).text())
}

test.each(fronts)('behind $name a rolling restart under 50 streams fails no call and loses no record', async (kind) => {
  const front = await kind.start({ ports: replicas.map(portOf), port: await freePort() })
  const [rowsBefore, callsBefore] = [await countRows('true'), cluster.fake.requests.length]
  let isOver = false
  const replies: Reply[] = []
  const keepCalling = async () => {
    while (!isOver) replies.push(await call(front.url, 'slow?ms=20&events=60').read())
  }
  const callers = Array.from({ length: streams }, keepCalling)
  await waitUntil(() => replies.length >= streams, { timeoutMs: 60_000, what: 'the first streams to end' })
  await restartAll(front)
  isOver = true
  await Promise.all(callers)
  await front.stop()

  const failed = replies.filter(({ status, isComplete }) => status !== 200 || !isComplete)
  expect(failed.map(({ status, body }) => `${status} ${body.toString()}`)).toEqual([])
  expect(cluster.fake.requests.length - callsBefore).toBe(replies.length)
  const countNew = async (where: string) => (await countRows(where)) - rowsBefore
  await waitUntil(async () => (await countNew('true')) >= replies.length, {
    timeoutMs: 60_000,
    what: 'every call to have its row',
  })
  expect(await countNew('true')).toBe(replies.length)
  expect(await countNew("outcome = 'completed'")).toBe(replies.length)
})

test('a key that is revoked stops working on every replica', async () => {
  for (const { url } of replicas) expect((await call(url, 'text').read()).status).toBe(200)
  await database.query('UPDATE client_keys SET revoked_at = now()')
  for (const { url } of replicas) {
    await waitUntil(async () => (await call(url, 'text').read()).status === 401, {
      timeoutMs: 30_000,
      what: `the replica at ${url} to notice`,
    })
  }
})
