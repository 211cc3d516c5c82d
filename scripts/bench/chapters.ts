import { median } from './play'
import { figure, table } from './report'
import {
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

export async function measureHistory(
  bench: Bench,
  { history, rounds }: { history: number; rounds: number },
): Promise<string> {
  const nexus = await bench.startNexus('history')
  const subject = { name: 'Nexus', program: nexus, nexus }
  const measure = async () => {
    const results: Throughput[] = []
    for (let round = 0; round < rounds + 1; round += 1)
      results.push(await measureThroughput(bench, subject, { shape: shapes.fresh, conversations: 100 }))
    const { requestsPerSecond, cpuMs } = middle(results.slice(1))
    const { p50 } = await measureFirstByte(bench, subject, { streams: 1, turns: 200 })
    return [figure(requestsPerSecond), figure(cpuMs), figure(p50)]
  }
  const before = await measure()
  await recordMany(bench, nexus, history)
  const after = await measure()
  await nexus.stop()
  const heads = ['recorded conversations', 'requests/s', 'CPU ms a request', 'first byte p50 ms']
  const rows = [
    ['almost none', ...before],
    [history.toLocaleString('en'), ...after],
  ]
  return `### With many recorded conversations\n\n${table(heads, rows)}`
}
