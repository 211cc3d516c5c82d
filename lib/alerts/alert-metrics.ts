import { formatBytes, formatDuration } from '@/lib/format'

/** What can be watched. Words that the database, the API and the page share. Pure, safe in the browser. */
export const alertMetrics = [
  'budget_used',
  'window_used',
  'error_rate',
  'accounts_needing_login',
  'recorder_lag',
  'record_damage',
  'disk_free',
  'storage_growth',
] as const
export type AlertMetric = (typeof alertMetrics)[number]

interface MetricFacts {
  readonly name: string
  readonly explains: string
  /** What a threshold is counted in. */
  readonly unit: string
  readonly firesWhen: 'above' | 'below'
  readonly suggested: number
}

/** `above` includes the threshold itself. */
export const metricFacts: Record<AlertMetric, MetricFacts> = {
  budget_used: {
    name: 'Budget used',
    explains: 'The fullest spend limit or budget, in its running day, week or month.',
    unit: '%',
    firesWhen: 'above',
    suggested: 80,
  },
  window_used: {
    name: 'Window used',
    explains: 'The fullest five-hour or weekly window of any account, as Claude says.',
    unit: '%',
    firesWhen: 'above',
    suggested: 90,
  },
  error_rate: {
    name: 'Error rate',
    explains: 'Failed requests of the last 15 minutes, once there are 10 requests.',
    unit: '%',
    firesWhen: 'above',
    suggested: 20,
  },
  accounts_needing_login: {
    name: 'Accounts that need a login',
    explains: 'Accounts whose credential Claude refuses.',
    unit: 'accounts',
    firesWhen: 'above',
    suggested: 1,
  },
  recorder_lag: {
    name: 'Recorder lag',
    explains:
      'Age of the oldest ended request that is not in the database, whichever process has it; also of what one left that is gone.',
    unit: 'seconds',
    firesWhen: 'above',
    suggested: 60,
  },
  record_damage: {
    name: 'Damage to the record',
    explains:
      'Requests set aside, bodies not kept for lack of room, and bodies that do not come back as they passed, since the processes started.',
    unit: 'records',
    firesWhen: 'above',
    suggested: 1,
  },
  disk_free: {
    name: 'Disk space left',
    explains: 'Free space where the data folder is, of the process that has least.',
    unit: 'GB',
    firesWhen: 'below',
    suggested: 5,
  },
  storage_growth: {
    name: 'Storage growth',
    explains: 'How much the database grew in the last 24 hours.',
    unit: 'GB a day',
    firesWhen: 'above',
    suggested: 2,
  },
}

export function isBreached(metric: AlertMetric, value: number, threshold: number): boolean {
  return metricFacts[metric].firesWhen === 'above' ? value >= threshold : value < threshold
}

const gigabyte = 1024 ** 3

export function formatAlertValue(metric: AlertMetric, value: number): string {
  const { unit } = metricFacts[metric]
  if (unit === '%') return `${Math.round(value * 10) / 10} %`
  if (unit === 'seconds') return formatDuration(value * 1000)
  if (metric === 'disk_free') return formatBytes(value * gigabyte)
  if (metric === 'storage_growth') return `${formatBytes(value * gigabyte)} a day`
  return `${value} ${value === 1 ? unit.slice(0, -1) : unit}`
}

export function isAlertMetric(text: string): text is AlertMetric {
  return (alertMetrics as readonly string[]).includes(text)
}
