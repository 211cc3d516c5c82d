'use client'

import useSWR from 'swr'
import { fetchJson } from '@/components/shell/fetcher'
import { failureText } from '@/components/ui/failure-text'
import { formatAlertValue, type AlertMetric } from '@/lib/alerts/alert-metrics'
import type { Preview } from '@/lib/alerts/samples'
import type { Sent } from '@/lib/sent'
import { formatTime } from '@/lib/format'
import { RuleCourse } from './rule-course'

interface RulePreviewProps {
  metric: AlertMetric
  /** As typed. */
  threshold: string
}

const mostShown = 5

/** What the rule would have done in the last seven days. */
export function RulePreview({ metric, threshold }: RulePreviewProps) {
  const isNumber = threshold.trim() !== '' && Number(threshold) >= 0
  const path = `/api/alerts/preview?metric=${metric}&threshold=${encodeURIComponent(threshold)}`
  const { data, error } = useSWR<Sent<Preview>, Error>(isNumber ? path : null, fetchJson, { keepPreviousData: true })
  return (
    <section aria-live="polite" className="rounded-card border border-line bg-subtle px-4 py-3 text-body">
      <h3 className="font-medium">The last 7 days</h3>
      {error && <p className="text-danger">{failureText(error)}</p>}
      {!error && !data && <p className="text-muted">{isNumber ? 'Looking …' : 'Enter a number to see.'}</p>}
      {data && <Told metric={metric} preview={data} threshold={Number(threshold)} />}
    </section>
  )
}

interface ToldProps {
  metric: AlertMetric
  preview: Sent<Preview>
  threshold: number
}

function Told({ metric, preview: { since, latest, episodes, course }, threshold }: ToldProps) {
  if (since === null || latest === null)
    return <p className="text-muted">This figure is not known yet. It is looked at twice a minute from now on.</p>
  const times = episodes.length === 1 ? 'once' : `${episodes.length} times`
  return (
    <>
      <p>
        {episodes.length === 0 ? 'Would not have told anything.' : `Would have told ${times}.`}{' '}
        <span className="text-muted">
          Now {formatAlertValue(metric, latest)}; known since {formatTime(since)}.
        </span>
      </p>
      <RuleCourse metric={metric} course={course} threshold={threshold} />
      <ul className="mt-1 flex flex-col gap-1 text-table text-secondary numeric">
        {episodes.slice(-mostShown).map(({ from, to, worst, subject }) => (
          <li key={from}>
            {formatTime(from)}
            {to ? ` to ${formatTime(to)}` : ', going on'}: {formatAlertValue(metric, worst)}
            {subject && ` (${subject})`}
          </li>
        ))}
      </ul>
    </>
  )
}
