import { z } from 'zod'
import { queryRows } from '@/lib/dashboard-query'
import { hotPool } from '@/lib/db'
import { alertMetrics, metricFacts, type AlertMetric } from './alert-metrics'
import { databaseSize, type Measurements } from './measure'
import { stepRule, wellState, type RuleState, type Watched } from './rule-state'

export const previewSchema = z.object({
  metric: z.enum(alertMetrics, { error: `is one of ${alertMetrics.join(', ')}` }),
  threshold: z.coerce.number({ error: 'is a number' }).min(0),
})

interface Sample {
  readonly at: Date
  readonly value: number
  readonly subject: string | null
}

const sampleEveryMs = 5 * 60_000
const keptDays = 8
const keptDeliveryDays = 90
const previewDays = 7

/** Keeps one sample of each figure in five minutes, and lets go of what is too old to be shown. */
export async function saveSamples(measurements: Measurements, now: Date): Promise<void> {
  const at = new Date(Math.floor(now.getTime() / sampleEveryMs) * sampleEveryMs)
  const rows = [...measurements].map(([metric, { value, subject }]) => ({ metric, value, subject }))
  await hotPool().query(
    `INSERT INTO alert_samples (metric, at, value, subject)
     SELECT metric, $1::timestamptz, value, subject FROM jsonb_to_recordset($2::jsonb) AS s(metric text, value float8, subject text)
     UNION ALL SELECT '${databaseSize}', $1::timestamptz, pg_database_size(current_database())::float8, NULL
     ON CONFLICT DO NOTHING`,
    [at, JSON.stringify(rows)],
  )
  await hotPool().query(`DELETE FROM alert_samples WHERE at < $1::timestamptz - interval '${keptDays} days'`, [now])
  await hotPool().query(
    `DELETE FROM alert_deliveries WHERE at < $1::timestamptz - interval '${keptDeliveryDays} days'`,
    [now],
  )
}

export function loadSamples(metric: AlertMetric, now: Date): Promise<Sample[]> {
  return queryRows<Sample>(
    `SELECT at, value, subject FROM alert_samples
     WHERE metric = $1 AND at > $2::timestamptz - interval '${previewDays} days' ORDER BY at`,
    [metric, now],
  )
}

interface Episode {
  readonly from: Date
  /** null = it goes on. */
  readonly to: Date | null
  readonly worst: number
  readonly subject: string | null
}

export interface Preview {
  /** Since when the figure is known; null = nothing is yet. */
  readonly since: Date | null
  readonly latest: number | null
  /** When the rule would have fired, oldest first. */
  readonly episodes: readonly Episode[]
  /** The worst value of each hour of the range, oldest first; null = not known. */
  readonly course: readonly (number | null)[]
}

/** What a rule would have done with the samples up to now. Pure. */
export function previewRule(rule: Watched, samples: readonly Sample[], now: Date): Preview {
  const episodes: Episode[] = []
  let state: RuleState = wellState
  for (const sample of samples) {
    const { state: next, event } = stepRule(rule, state, sample)
    state = next
    const last = episodes.at(-1)
    if (event === 'firing') episodes.push({ from: sample.at, to: null, worst: sample.value, subject: sample.subject })
    else if (event === 'resolved' && last) episodes[episodes.length - 1] = { ...last, to: sample.at }
    else if (state.firingSince && last && isWorse(rule, sample.value, last.worst))
      episodes[episodes.length - 1] = { ...last, worst: sample.value, subject: sample.subject }
  }
  return {
    since: samples[0]?.at ?? null,
    latest: samples.at(-1)?.value ?? null,
    episodes,
    course: courseOf(rule, samples, now),
  }
}

const hourMs = 3_600_000

function courseOf({ metric }: Watched, samples: readonly Sample[], now: Date): (number | null)[] {
  const course: (number | null)[] = Array.from({ length: previewDays * 24 }, () => null)
  const worse = metricFacts[metric].firesWhen === 'above' ? Math.max : Math.min
  for (const { at, value } of samples) {
    const hour = course.length - 1 - Math.floor((now.getTime() - at.getTime()) / hourMs)
    if (hour in course) course[hour] = worse(value, course[hour] ?? value)
  }
  return course
}

/** Further from the threshold than before. */
function isWorse({ threshold }: Watched, value: number, worst: number): boolean {
  return Math.abs(value - threshold) > Math.abs(worst - threshold)
}
