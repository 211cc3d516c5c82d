import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startWorld, type World } from '@/e2e/faults/world'
import { waitUntil } from '@/lib/testing/wait-until'
import { figure, table } from '../bench/report'
import { findRecordFaults } from './check-record'
import { judgeFlatness } from './flatness'
import { dashboardKey, playMixedLoad, type Tally } from './mixed-load'
import { takeSample, watched, type Sample, type Watched } from './sample'
import { UpstreamLedger } from './upstream-ledger'

/**
 * The built product under mixed load for long, its database crashing now and then. It has passed when nothing it
 * holds still grows, no call failed that should not, and the record is what clients and upstream counted.
 */
const usage = `npm run soak                    one hour
npm run soak -- --minutes N     shorter or longer; ten are enough to see a leak
npm run soak -- --clients N     calls at the same time, 12 by default
`

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    clients: { type: 'string', default: '12' },
    help: { type: 'boolean', default: false },
  },
})

const sampleEveryMs = 10_000
/** A crash of the database in every tenth of the run. */
const crashes = 9

interface TimedSample extends Sample {
  readonly atMs: number
}

async function soak(minutes: number, clients: number): Promise<readonly string[]> {
  // The allocator as in the container and the systemd unit: with an arena for each thread resident memory says little.
  const world = await startWorld({ DASHBOARD_API_KEY: dashboardKey, LOG_LEVEL: 'warn', MALLOC_ARENA_MAX: '2' })
  try {
    const ledger = new UpstreamLedger(world.fake)
    const over = AbortSignal.timeout(minutes * 60_000)
    const bouncing = crashNowAndThen(world, (minutes * 60_000) / (crashes + 1), over)
    const watching = watch(world, ledger, over)
    const tally = await playMixedLoad(world.app.url, clients, over)
    await bouncing
    const samples = await watching
    await settle(world)
    ledger.settle()
    const { faults, rows } = await findRecordFaults(world.postgres.url(), tally, ledger.charges)
    say(describe(tally, rows, minutes))
    return [...judge(samples), ...faults, ...describeFailures(tally)]
  } finally {
    await world.close()
  }
}

async function crashNowAndThen({ postgres }: World, everyMs: number, over: AbortSignal): Promise<void> {
  for (let crash = 0; crash < crashes; crash += 1) {
    await delay(everyMs, undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) return
    await postgres.crash()
    await postgres.start()
  }
}

async function watch({ app }: World, ledger: UpstreamLedger, over: AbortSignal): Promise<TimedSample[]> {
  const samples: TimedSample[] = []
  const beganAt = performance.now()
  while (!over.aborted) {
    await delay(sampleEveryMs, undefined, { signal: over }).catch(() => undefined)
    ledger.settle()
    const sample = { atMs: performance.now() - beganAt, ...(await takeSample(app)) }
    samples.push(sample)
    if (samples.length % 6 === 0) say(`${Math.round(sample.atMs / 60_000)} min: ${sayNumbers(sample)}`)
  }
  return samples
}

const names = Object.keys(watched) as Watched[]

const sayNumbers = (sample: Sample): string => names.map((name) => `${name} ${Math.round(sample[name])}`).join(', ')

/** Until what was called is recorded and nobody holds a stream. */
async function settle({ app }: World): Promise<void> {
  const isQuiet = async () => {
    const { pending, streams } = await takeSample(app)
    return pending === 0 && streams === 0
  }
  await waitUntil(isQuiet, { timeoutMs: 300_000, what: 'the last call to be recorded' }).catch((error: Error) => {
    throw new Error(`${error.message}\n${app.log()}`, { cause: error })
  })
}

/** Prints the table, and answers what is not flat. */
function judge(samples: readonly TimedSample[]): string[] {
  const judged = names.map((name) => ({
    name,
    ...watched[name],
    ...judgeFlatness(
      samples.map((sample) => ({ atMs: sample.atMs, value: sample[name] })),
      watched[name],
    ),
  }))
  const rows = judged.map(({ name, unit, middle, last, perHour, isFlat }) => [
    `${name}, ${unit}`,
    ...[middle, last, perHour].map(figure),
    isFlat ? 'flat' : 'grows',
  ])
  say(table(['', 'middle third', 'last third', 'an hour', ''], rows))
  return judged.filter(({ isFlat }) => !isFlat).map(({ name }) => `${name} grows`)
}

function describe({ kinds, known, unknown }: Tally, rows: number, minutes: number): string {
  const parts = [...kinds].map(([name, count]) => `${count} ${name}`).join(', ')
  return `${minutes} minutes, ${crashes} crashes of the database: ${parts}.\n${known.size} calls with a record, ${unknown} left before they could know; ${rows} rows.\n`
}

function describeFailures({ failures }: Tally): string[] {
  const counted = new Map<string, number>()
  for (const failure of failures) counted.set(failure, (counted.get(failure) ?? 0) + 1)
  return [...counted].map(([failure, count]) => `${count} × ${failure}`)
}

const say = (text: string) => process.stdout.write(`${text}\n`)

if (options.help) say(usage)
else {
  const faults = await soak(Number(options.minutes), Number(options.clients))
  say(faults.length === 0 ? '\nFlat, and nothing lost.' : `\nNot well:\n${faults.join('\n')}`)
  // Whatever a client left behind shall not keep it.
  process.exit(faults.length === 0 ? 0 : 1)
}
