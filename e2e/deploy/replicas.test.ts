import { once } from 'node:events'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Reply } from '../conformance/client'
import { messagesBody } from '../conformance/stage'
import { call, portOf, startCluster, type Cluster } from './cluster'
import { startFront, type Front } from './front'

const streams = 50
let cluster: Cluster
let front: Front
let replicas: RunningApp[]
let database: Client

beforeAll(async () => {
  cluster = await startCluster()
  replicas = [await cluster.start('first'), await cluster.start('second')]
  front = await startFront(replicas.map(portOf))
  database = new Client({ connectionString: cluster.databaseUrl })
  await database.connect()
})

afterAll(async () => {
  await database?.end()
  await front?.stop()
  await cluster?.stop()
})

async function countRows(where: string): Promise<number> {
  const { rows } = await database.query(`SELECT count(*)::int AS count FROM api_requests WHERE ${where}`)
  return rows[0].count as number
}

/** Takes one replica after the other out, restarts it and puts it back. */
async function restartAll(): Promise<void> {
  for (const [number, name] of ['first', 'second'].entries()) {
    const leaving = replicas[number] as RunningApp
    await front.sendTo(replicas.filter((other) => other !== leaving).map(portOf))
    expect(await leaving.stop()).toBe(0)
    replicas[number] = await cluster.start(name, { port: portOf(leaving) })
    await front.sendTo(replicas.map(portOf))
  }
}

test('a rolling restart under 50 streams fails no call and loses no record', async () => {
  let isOver = false
  const replies: Reply[] = []
  const keepCalling = async () => {
    while (!isOver) replies.push(await call(front.url, 'slow?ms=20&events=60').read())
  }
  const callers = Array.from({ length: streams }, keepCalling)
  await waitUntil(() => replies.length >= streams, { timeoutMs: 60_000, what: 'the first streams to end' })
  await restartAll()
  isOver = true
  await Promise.all(callers)

  const failed = replies.filter(({ status, isComplete }) => status !== 200 || !isComplete)
  expect(failed.map(({ status, body }) => `${status} ${body.toString()}`)).toEqual([])
  expect(cluster.fake.requests.length).toBe(replies.length)
  await waitUntil(async () => (await countRows('true')) >= replies.length, {
    timeoutMs: 60_000,
    what: 'every call to have its row',
  })
  expect(await countRows('true')).toBe(replies.length)
  expect(await countRows("outcome = 'completed'")).toBe(replies.length)
})

test('through the reverse proxy events arrive while Claude still writes', async () => {
  const running = call(front.url, 'slow?ms=20&events=300')
  const { incoming } = await running.head
  await once(incoming, 'readable')
  expect(cluster.fake.requests.at(-1)?.response.finished).toBe(false)
  expect((await running.read()).isComplete).toBe(true)
})

test('through the reverse proxy passes a body of 20 MB', async () => {
  const body = messagesBody({ system: 'x'.repeat(20 * 1024 * 1024) })
  const reply = await call(front.url, 'text', body).read()
  expect(reply.status).toBe(200)
  expect(cluster.fake.requests.at(-1)?.body.length).toBe(body.length)
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
