import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { migrate } from '@/lib/postgres/migrate'
import { loadBody } from '@/lib/recorder/load-body'
import { openRecorder } from '@/lib/recorder/recorder'
import { BenchConversation, type BenchTurn } from './bench-conversation'
import { makeBenchClock, playTurn } from './bench-play'
import { readSizes, totalOf, type RelationSize } from './table-sizes'

/**
 * How much the database grows by a turn of a conversation, everything counted: rows, indexes, blocks, TOAST.
 * Several conversations take turns, as they do in a team; each size runs on a database of its own.
 *
 *   npm run bench:storage
 */
const sizes = [10, 50, 100]
/** The same number of requests for every size, so that pages which are there anyway weigh the same. */
const requests = 2_000
/** The record itself, and what links it to conversations. */
const tables = ['api_requests', 'request_bodies', 'blocks', 'usage_hours']
const linkTables = ['request_links', 'link_keys', 'conversations']
interface Measured {
  readonly turns: number
  readonly rawBytes: number
  readonly sizes: readonly RelationSize[]
  readonly cpuMs: number
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-bench-storage-'))
  Object.assign(process.env, { NEXUS_DATA_DIR: dataDir, LOG_LEVEL: 'error' })
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', full_page_writes: 'off' } })
  try {
    const results: Measured[] = []
    for (const turns of sizes) results.push(await measure(server.url, dataDir, turns))
    print(results)
  } finally {
    await disconnectDatabase()
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function measure(serverUrl: string, dataDir: string, turns: number): Promise<Measured> {
  const url = await freshDatabase(serverUrl, `bench_${turns}`)
  await migrate(url)
  connectDatabase(url)
  const clock = makeBenchClock()
  const recorder = await openRecorder({ dataDir: path.join(dataDir, `data-${turns}`), clock, link: makeLinker() })
  const running = Array.from({ length: requests / turns }, (_, index) => new BenchConversation(index))
  let rawBytes = 0
  let lastId = ''
  let lastTurn: BenchTurn | null = null
  const cpu = process.cpuUsage()
  for (let turn = 0; turn < turns; turn += 1) {
    for (const conversation of running) {
      lastTurn = conversation.next()
      lastId = playTurn(recorder, lastTurn)
      rawBytes +=
        lastTurn.requestBody.length + lastTurn.responseChunks.reduce((total, chunk) => total + chunk.length, 0)
    }
    await recorder.flush()
    // As autovacuum does: the same few rows are counted up all the time.
    await hotPool().query('VACUUM conversations')
  }
  const { user, system } = process.cpuUsage(cpu)
  await recorder.close()
  const loaded = await loadBody(lastId, 'request')
  if (!lastTurn || !loaded?.bytes.equals(lastTurn.requestBody))
    throw new Error('the last request did not come back as it was sent')
  return { turns, rawBytes, sizes: await sizesNow(), cpuMs: (user + system) / 1000 }
}

async function freshDatabase(serverUrl: string, name: string): Promise<string> {
  connectDatabase(serverUrl)
  await hotPool().query(`CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await disconnectDatabase()
  return url.href
}

/** The sizes as they are after a vacuum. */
async function sizesNow(): Promise<RelationSize[]> {
  const all = [...tables, ...linkTables]
  await hotPool().query(`VACUUM ANALYZE ${all.join(', ')}`)
  return readSizes(hotPool(), all)
}

function print(results: readonly Measured[]): void {
  const aTurn = (bytes: number) => Math.round(bytes / requests)
  console.table(
    results.map(({ turns, rawBytes, sizes, cpuMs }) => ({
      turns,
      'raw a turn': aTurn(rawBytes),
      'record a turn': aTurn(totalOf(sizes, tables)),
      'raw : record': Number((rawBytes / totalOf(sizes, tables)).toFixed(1)),
      'links a turn': aTurn(totalOf(sizes, linkTables)),
      'all in': aTurn(totalOf(sizes)),
      'CPU ms a turn': Number((cpuMs / requests).toFixed(2)),
    })),
  )
  const [shown] = results.slice(-1)
  console.log(`bytes a turn of ${shown?.turns ?? 0}, by table and index:`)
  console.table(shown?.sizes.map(({ table, part, bytes }) => ({ table, part, 'a turn': aTurn(bytes) })))
}

await main()
