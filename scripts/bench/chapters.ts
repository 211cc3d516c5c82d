import { multiplyHistory } from './multiply-history'
import type { Nexus } from './nexus'
import { median } from './play'
import { figure, table } from './report'
import {
  countConversations,
  measureCrowd,
  measureFirstByte,
  measureThroughput,
  recordMany,
  type Bench,
  type Subject,
  type Throughput,
  type ThroughputPlan,
} from './stages'
import { shapes } from './turns'

/** Each chapter measures one promise and answers its table, in Markdown. */

export async function compareThroughput(
  bench: Bench,
  subjects: readonly Subject[],
  { rounds, ...plan }: ThroughputPlan & { rounds: number },
): Promise<string> {
  const measured = new Map<Subject, Throughput[]>(subjects.map((subject) => [subject, []]))
  for (const subject of subjects) await measureThroughput(bench, subject, { ...plan, conversations: 32 })
  // Round by round, so that a neighbour on the machine disturbs all alike.
  for (let round = 0; round < rounds; round += 1) {
    for (const [subject, results] of measured) results.push(await measureThroughput(bench, subject, plan))
  }
  const bare = middle(measured.get(subjects[1] as Subject) ?? []).requestsPerSecond
  const rows = subjects.map((subject) => {
    const { requestsPerSecond, cpuMs, databaseCpuMs, catchUpSeconds } = middle(measured.get(subject) ?? [])
    const share = subject.name === 'nothing between' ? '' : figure(requestsPerSecond / bare)
    const ofNexus = subject.nexus ? [figure(databaseCpuMs), figure(catchUpSeconds)] : ['', '']
    return [subject.name, figure(requestsPerSecond), share, figure(cpuMs), ...ofNexus]
  })
  const { bodyKilobytes } = middle([...measured.values()].flat())
  const heads = ['', 'requests/s', 'of node + undici', 'CPU ms a request', 'PostgreSQL of it', 'recorder done after s']
  return `### Requests per second, bodies of ${Math.round(bodyKilobytes)} KB\n\n${table(heads, rows)}`
}

function middle(results: readonly Throughput[]): Throughput {
  const of = (name: keyof Throughput) => median(results.map((result) => result[name]))
  return {
    requestsPerSecond: of('requestsPerSecond'),
    cpuMs: of('cpuMs'),
    databaseCpuMs: of('databaseCpuMs'),
    catchUpSeconds: of('catchUpSeconds'),
    bodyKilobytes: of('bodyKilobytes'),
  }
}

export async function compareFirstBytes(
  bench: Bench,
  subjects: readonly Subject[],
  { streams, turns }: { streams: number; turns: number },
): Promise<string> {
  for (const subject of subjects) await measureFirstByte(bench, subject, { streams, turns: Math.ceil(turns / 4) })
  const measured = []
  for (const subject of subjects)
    measured.push({ subject, ...(await measureFirstByte(bench, subject, { streams, turns })) })
  const [direct, bare] = measured
  const added = (p50: number) => p50 - (direct?.p50 ?? 0)
  const rows = measured.map(({ subject, p50, p99 }, index) => [
    subject.name,
    figure(p50),
    figure(p99),
    index === 0 ? '' : figure(added(p50)),
    index === 0 ? '' : figure(added(p50) / added(bare?.p50 ?? 0)),
  ])
  const title = `${streams === 1 ? 'one stream' : `${streams} paced streams`}, 50 ms between turns`
  return `### First byte, ${title}\n\n${table(['', 'p50 ms', 'p99 ms', 'added ms', 'added, of node + undici'], rows)}`
}

export async function measureCrowds(bench: Bench, sizes: readonly number[]): Promise<string> {
  const rows = []
  for (const streams of sizes) {
    // A process of its own: memory that an earlier crowd took would count for this one.
    const nexus = await bench.startNexus('data')
    await measureThroughput(
      bench,
      { name: 'warm-up', program: nexus, nexus },
      { shape: shapes.fresh, conversations: 32 },
    )
    const { errors, worstFirstByteMs, peakMegabytes } = await measureCrowd(bench, nexus, streams)
    rows.push([streams, errors, figure(worstFirstByteMs / 1000), Math.round(peakMegabytes)])
    await nexus.stop()
  }
  const heads = ['streams at once', 'errors', 'worst first byte s', 'most memory MB']
  return `### Many streams that begin at the same instant\n\n${table(heads, rows)}`
}

/** Two databases, one almost empty: measured in turn, so that a neighbour on the machine disturbs both alike. */
export async function measureHistory(
  bench: Bench,
  { history, rounds }: { history: number; rounds: number },
): Promise<string> {
  const [empty, full] = [await bench.startNexus('no-history'), await bench.startNexus('history')]
  const template = Math.min(history, templateConversations)
  await recordMany(bench, full, template)
  await multiplyHistory(full.databaseUrl, Math.round(history / template) - 1)
  const recorded = await countConversations(full.databaseUrl)
  const before: HistoryFigures[] = []
  const after: HistoryFigures[] = []
  // Many short stretches, each first in every other round: what disturbs the machine for seconds meets both.
  for (let round = 0; round < rounds * 5; round += 1) {
    const turns = [() => measureWithHistory(bench, empty).then((figures) => before.push(figures))]
    turns.push(() => measureWithHistory(bench, full).then((figures) => after.push(figures)))
    for (const measure of round % 2 === 0 ? turns : turns.reverse()) await measure()
  }
  await Promise.all([empty.stop(), full.stop()])
  const heads = ['recorded conversations', 'requests/s', 'CPU ms a request', 'first byte p50 ms']
  // The first round warms up.
  const of = (list: readonly HistoryFigures[], name: keyof HistoryFigures) =>
    median(list.slice(1).map((figures) => figures[name]))
  const names = ['requestsPerSecond', 'cpuMs', 'firstByteMs'] as const
  const rows = [
    ['almost none', ...names.map((name) => figure(of(before, name)))],
    [recorded.toLocaleString('en'), ...names.map((name) => figure(of(after, name)))],
    ['the second of the first', ...names.map((name) => figure(of(after, name) / of(before, name)))],
  ]
  return `### With many recorded conversations\n\n${table(heads, rows)}`
}

/** Recorded by calls; the others are copies of these. */
const templateConversations = 500

interface HistoryFigures {
  readonly requestsPerSecond: number
  readonly cpuMs: number
  readonly firstByteMs: number
}

async function measureWithHistory(bench: Bench, nexus: Nexus): Promise<HistoryFigures> {
  const subject = { name: 'Nexus', program: nexus, nexus }
  const plan = { shape: shapes.fresh, conversations: 32 }
  const { requestsPerSecond, cpuMs } = await measureThroughput(bench, subject, plan)
  const { p50: firstByteMs } = await measureFirstByte(bench, subject, { streams: 1, turns: 30 })
  return { requestsPerSecond, cpuMs, firstByteMs }
}
