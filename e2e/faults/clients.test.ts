import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import http from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '@/e2e/conformance/client'
import { bearer, messagesBody, usualHeaders } from '@/e2e/conformance/usual-call'
import { teamA } from '@/e2e/conformance/world'
import { waitUntil } from '@/lib/testing/wait-until'
import { noteFigure } from './figures'
import { begin, ms, p99Of, percentile, play, startLoad, type Played } from './load'
import { expectCharged, expectRecorded } from './recorded'
import { isFull, sized } from './size'
import { startWorld, type World } from './world'

/** Clients that are slow, many, or silent. */
let world: World

beforeAll(async () => {
  world = await startWorld()
  await Promise.all(Array.from({ length: 20 }, () => play(world.app.url)))
})
afterAll(() => world.close())

const portOf = (url: string) => Number(new URL(url).port)

describe('C2: clients that hold a connection and say little', () => {
  const many = sized(60, 500)
  const head = `POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: ${teamA.clientKey}\r\ncontent-length: 5000\r\n`

  it.each([
    { what: 'nothing', says: '', bar: 30 },
    { what: 'half a head', says: head, bar: 20 },
    { what: 'half a body', says: `${head}\r\n{"model":`, bar: 30 },
  ])('$what: others are served as before', async ({ what, says, bar }) => {
    const before = await manyCalls()
    const sockets = Array.from({ length: many }, () => connect(portOf(world.app.url), '127.0.0.1'))
    const openedAt = performance.now()
    let closed = 0
    for (const socket of sockets) {
      // Read, or the end of the connection would not be noticed.
      socket
        .resume()
        .on('error', () => undefined)
        .once('close', () => (closed += 1))
      if (says) socket.write(says)
    }
    await waitUntil(() => sockets.every(({ connecting }) => !connecting), {
      timeoutMs: 30_000,
      what: 'the connections',
    })
    const during = await manyCalls()
    expect([...before, ...during].filter(({ status, isComplete }) => status !== 200 || !isComplete)).toEqual([])
    const cut = isFull ? await cutAfter(() => closed === many, openedAt) : null
    for (const socket of sockets) socket.destroy()
    noteFigure({
      name: 'C2',
      what: `${many} connections that say ${what}`,
      measured: `p99 to the head ${ms(p99Of(before))} before, ${ms(p99Of(during))} with them${cut ? `; all cut after ${cut.toFixed(0)} s` : ''}`,
      bar: `served as before, cut within ${bar} s`,
    })
    if (cut) expect(cut).toBeLessThan(bar + 10)
  })

  const manyCalls = async (): Promise<readonly Played[]> => {
    const load = startLoad(world.app.url, 10)
    await waitUntil(() => load.played.length >= 60, { timeoutMs: 60_000, what: 'calls' })
    return load.stop()
  }

  async function cutAfter(isCut: () => boolean, openedAt: number): Promise<number> {
    await waitUntil(isCut, { timeoutMs: 90_000, what: 'the connections to be cut' })
    return (performance.now() - openedAt) / 1000
  }
})

it('C4: more calls than it can serve wait; none fails, and afterwards all is as before', async () => {
  const usual = await Promise.all(Array.from({ length: 20 }, () => play(world.app.url)))
  const flood = startLoad(world.app.url, sized(100, 250))
  const answers: number[] = []
  const endsAt = performance.now() + sized(2_000, 60_000)
  while (performance.now() < endsAt) {
    const askedAt = performance.now()
    expect((await fetch(`${world.app.url}/health/live`)).status).toBe(200)
    answers.push(performance.now() - askedAt)
    await delay(50)
  }
  const played = await flood.stop()
  expect(played.filter(({ status, isComplete }) => status !== 200 || !isComplete)).toEqual([])
  const endedAt = performance.now()
  const limit = 3 * p99Of(usual)
  const isAsBefore = async () => (await play(world.app.url)).headMs <= limit
  await waitUntil(isAsBefore, { timeoutMs: 30_000, what: 'calls to be as quick as before' })
  const asBeforeMs = performance.now() - endedAt
  await expectRecorded(world.postgres.url(), played, { timeoutMs: 300_000 })
  await expectCharged(world)
  noteFigure({
    name: 'C4',
    what: `${sized(100, 250)} calls at once, without pause`,
    measured: `${played.length} calls, 0 failed, p99 to the head ${ms(p99Of(played))}; health answers within ${ms(percentile(answers, 0.99))}; as before ${ms(asBeforeMs)} after`,
    bar: '0 failed, 5 s',
  })
})

it('C6: a connection that was idle for longer than the usual five seconds takes the next call', async () => {
  const agents = Array.from({ length: sized(20, 500) }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }))
  const ask = (agent: http.Agent) =>
    start(world.app.url, { agent, headers: [...bearer(teamA.clientKey), ...usualHeaders], body: messagesBody() })
  const read = async (agent: http.Agent) => {
    const pending = ask(agent)
    const { status } = await pending.read()
    return { status, isReused: pending.request.reusedSocket }
  }
  await Promise.all(agents.map(read))
  // Not for luck: the idle time is what is tested.
  await delay(5_600)
  const again = await Promise.all(agents.map(read))
  for (const agent of agents) agent.destroy()
  expect(again.filter(({ status, isReused }) => status !== 200 || !isReused)).toEqual([])
  noteFigure({
    name: 'C6',
    what: `${again.length} connections used again after 5.6 s`,
    measured: '0 resets, each taken by the connection of before',
    bar: '0 resets',
  })
})

it('C7: without free file descriptors running streams go on, and afterwards everything does', async () => {
  const streams = sized(15, 50)
  const opened = Array.from({ length: streams }, () => begin(world.app.url, 'text?ms=30&events=60'))
  const heads = await Promise.all(opened.map(({ head }) => head))
  expect(heads.map(({ status }) => status)).toEqual(heads.map(() => 200))
  const limit = readdirSync(`/proc/${world.app.pid}/fd`).length + 3
  const { soft } = limitFiles(limit)
  const tried = await Promise.all(Array.from({ length: 40 }, () => hurriedPlay()))
  const replies = await Promise.all(opened.map((pending) => pending.read()))
  limitFiles(soft)
  expect(replies.filter(({ isComplete }) => !isComplete)).toEqual([])
  await waitUntil(async () => (await play(world.app.url)).status === 200, {
    timeoutMs: 30_000,
    what: 'calls to be taken',
  })
  const served = tried.filter(({ status }) => status === 200)
  await expectRecorded(world.postgres.url(), served)
  await expectCharged(world)
  noteFigure({
    name: 'C7',
    what: `3 file descriptors left under ${streams} streams, 40 new calls`,
    measured: `0 streams cut, ${served.length} served, ${tried.length - served.length} turned away; calls are taken again`,
    bar: 'streams finish, process alive',
  })
})

const unanswered: Played = { requestId: null, status: 0, headMs: 0, isComplete: false, sha256: '' }

/** A call whose client does not wait for ever for a connection that nobody takes. */
async function hurriedPlay(): Promise<Played> {
  const timer = new AbortController()
  const gaveUp = delay(10_000, unanswered, timer).catch(() => unanswered)
  const played = await Promise.race([play(world.app.url), gaveUp])
  timer.abort()
  return played
}

/** Sets how many files the app may have open; answers how many it could before. */
function limitFiles(soft: number | string): { soft: string } {
  const prlimit = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('prlimit', ['--pid', String(world.app.pid), ...args], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`prlimit: ${stderr}`)
    return stdout.trim()
  }
  const before = prlimit('--nofile', '--output', 'SOFT', '--noheadings')
  prlimit(`--nofile=${soft}:`)
  return { soft: before }
}
