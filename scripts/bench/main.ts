import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { compareFirstBytes, compareThroughput, measureCrowds, measureHistory } from './chapters'
import { startNexus } from './nexus'
import { describeMachine } from './report'
import type { Bench, Subject } from './stages'
import { shapes } from './turns'
import { startBareProxy, startNginx, startUpstream, type Started } from './world'

/**
 * What the proxy costs, next to a bare proxy on node and undici and to nginx, measured in the same run on the
 * same machine with the same client and the same upstream. Prints Markdown; docs/performance.md holds a run.
 */
const usage = `npm run bench                     everything
npm run bench -- --quick          the same, smaller
npm run bench -- --only NAME      one chapter: throughput, first-byte, crowds or history
npm run bench -- --conversations N   how many the history chapter records
npm run bench -- --profile DIR    writes CPU profiles of what Nexus does in the throughput chapter
`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    conversations: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const size = options.quick
  ? { rounds: 1, fresh: 100, long: 32, firstBytes: 100, paced: 3, crowds: [500, 1_000], history: 20_000 }
  : { rounds: 3, fresh: 300, long: 64, firstBytes: 400, paced: 10, crowds: [500, 1_000], history: 100_000 }

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-bench-'))
  const started: Started[] = []
  const keep = <T extends Started>(program: T): T => {
    started.push(program)
    return program
  }
  try {
    const upstream = keep(await startUpstream())
    const profileFolder = options.profile ? path.resolve(options.profile) : null
    if (profileFolder) mkdirSync(profileFolder, { recursive: true })
    const bench: Bench = {
      upstream,
      /** A new process on the data of an earlier one with the same name. */
      startNexus: async (name) => keep(await startNexus({ upstream, dataDir: path.join(folder, name), profileFolder })),
    }
    const nginx = await startNginx(upstream, folder)
    const others: Subject[] = [
      { name: 'nothing between', program: upstream, nexus: null },
      { name: 'node + undici', program: keep(await startBareProxy(upstream)), nexus: null },
      ...(nginx ? [{ name: 'nginx', program: keep(nginx), nexus: null }] : []),
    ]
    say(`${describeMachine()}${nginx ? '' : '; without nginx, which cannot be had here'}`)
    await playChapters(bench, others)
  } finally {
    for (const program of started.reverse()) await program.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function playChapters(bench: Bench, others: readonly Subject[]): Promise<void> {
  const isWanted = (name: string) => options.only === undefined || options.only === name
  const nexus = await bench.startNexus('data')
  const subjects = [...others, { name: 'Nexus, recording', program: nexus, nexus }]
  if (isWanted('throughput')) {
    say(
      await compareThroughput(bench, subjects, { shape: shapes.fresh, conversations: size.fresh, rounds: size.rounds }),
    )
    say(await compareThroughput(bench, subjects, { shape: shapes.long, conversations: size.long, rounds: size.rounds }))
  }
  if (isWanted('first-byte')) {
    say(await compareFirstBytes(bench, subjects, { streams: 1, turns: size.firstBytes }))
    say(await compareFirstBytes(bench, subjects, { streams: 32, turns: size.paced }))
  }
  await nexus.stop()
  if (isWanted('crowds')) say(await measureCrowds(bench, size.crowds))
  const history = Number(options.conversations ?? size.history)
  if (isWanted('history')) say(await measureHistory(bench, { history, rounds: size.rounds }))
}

const say = (text: string) => process.stdout.write(`${text}\n\n`)

if (options.help) say(usage)
else await main()
