import { Client } from 'pg'
import { readCpuMs, readPeakMegabytes } from './cpu-time'
import type { Nexus } from './nexus'
import { median, play, quantile, type Pace, type Played } from './play'
import { makeConversations, shapes, smallConversation, type Conversation, type Shape } from './turns'
import type { Started, Upstream } from './world'

/** Something to be measured: nothing between (the upstream itself), another proxy, or Nexus. */
export interface Subject {
  readonly name: string
  readonly program: Started
  readonly nexus: Nexus | null
}

export interface Bench {
  readonly upstream: Upstream
  /** A new process on the data of an earlier one with the same name. */
  startNexus(name: string): Promise<Nexus>
}

export interface ThroughputPlan {
  readonly shape: Shape
  readonly conversations: number
}

export interface Throughput {
  readonly requestsPerSecond: number
  /** Of the program and, with Nexus, of its PostgreSQL. */
  readonly cpuMs: number
  readonly databaseCpuMs: number
  readonly catchUpSeconds: number
  readonly bodyKilobytes: number
}

interface FirstByte {
  readonly p50: number
  readonly p99: number
}

/** A quick tool. */
const toolMs = 50
const workers: Pace = { connections: 32, paceMs: 0 }

/** As many calls as 32 clients get through, each waiting for its answer; Nexus records meanwhile. */
export async function measureThroughput(
  { upstream }: Bench,
  { program, nexus }: Subject,
  { shape, conversations }: ThroughputPlan,
): Promise<Throughput> {
  const { warm, measured } = makeConversations(shape, conversations)
  const target = { port: program.port, upstream }
  if (nexus) requireAllWell(await play(target, warm, workers))
  await nexus?.catchUp()
  nexus?.toggleProfile()
  const databasePids = nexus ? [nexus.databasePid] : []
  const cpuBefore = readCpuMs(program.pids)
  const databaseBefore = readCpuMs(databasePids)
  const played = requireAllWell(await play(target, measured, workers))
  const catchUpSeconds = (await nexus?.catchUp()) ?? 0
  const cpuMs = (readCpuMs(program.pids) - cpuBefore) / played.samples.length
  const databaseCpuMs = (readCpuMs(databasePids) - databaseBefore) / played.samples.length
  nexus?.toggleProfile()
  return {
    requestsPerSecond: played.samples.length / played.seconds,
    cpuMs,
    databaseCpuMs,
    catchUpSeconds,
    bodyKilobytes: meanKilobytes(measured),
  }
}

/** The time to the first byte of streams as they come from Claude: an event every now and then. */
export async function measureFirstByte(
  { upstream }: Bench,
  { program }: Subject,
  { streams, turns }: { streams: number; turns: number },
): Promise<FirstByte> {
  const { measured } = makeConversations(shapes.fresh, Math.ceil((turns * streams) / shapes.fresh.turns))
  const pace = { connections: streams, paceMs: streams === 1 ? 1 : 20, pauseMs: toolMs }
  const { samples } = requireAllWell(await play({ port: program.port, upstream }, measured, pace))
  const figures = samples.map(({ firstByteMs }) => firstByteMs)
  return { p50: median(figures), p99: quantile(figures, 0.99) }
}

interface Crowd {
  readonly errors: number
  readonly worstFirstByteMs: number
  readonly peakMegabytes: number
}

/** Streams that all begin at the same instant and last for seconds. */
export async function measureCrowd({ upstream }: Bench, nexus: Nexus, streams: number): Promise<Crowd> {
  const { measured } = makeConversations({ ...shapes.fresh, turns: 1 }, streams)
  const { samples, errors } = await play({ port: nexus.port, upstream }, measured, {
    connections: streams,
    paceMs: 200,
  })
  return {
    errors,
    worstFirstByteMs: Math.max(...samples.map(({ firstByteMs }) => firstByteMs)),
    peakMegabytes: readPeakMegabytes(nexus.appPid),
  }
}

const conversationsAtATime = 5_000

/** Records many conversations of two small calls each. */
export async function recordMany({ upstream }: Bench, nexus: Nexus, count: number): Promise<void> {
  for (let made = 0; made < count; made += conversationsAtATime) {
    const size = Math.min(conversationsAtATime, count - made)
    const conversations = Array.from({ length: size }, (_, index) => smallConversation(made + index))
    requireAllWell(await play({ port: nexus.port, upstream }, conversations, workers))
    await nexus.catchUp()
  }
}

export async function countConversations(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM conversations')
    return rows[0]?.count ?? 0
  } finally {
    await client.end()
  }
}

function requireAllWell(played: Played): Played {
  if (played.errors > 0) throw new Error(`${played.errors} calls of the bench failed.`)
  return played
}

function meanKilobytes(conversations: readonly Conversation[]): number {
  const sizes = conversations.flat().map(({ body }) => body.length)
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length / 1024
}
