'use client'

import { useMemo } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { KeyValueList } from '@/components/ui/key-value-list'
import { Card } from '@/components/ui/card'
import { Table, type Column } from '@/components/ui/table'
import { formatDuration, formatExact } from '@/lib/format'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { DecisionNote } from './decision-note'
import { prepareTiming, type Phase, type TimedAttempt, type Timing } from './prepare-timing'
import { Waterfall } from './waterfall'

/** When what happened. */
export function TimingTab({ detail }: { detail: RequestDetail }) {
  const timing = useMemo(() => prepareTiming(detail), [detail])
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      {timing.phases.length > 0 && (
        <section className="xl:col-span-2">
          <h2 className="mb-2 text-control font-semibold">What the time was spent on</h2>
          <Waterfall label="Phases" rows={timing.phases.map((phase, index) => phaseRow(phase, index, timing))} />
        </section>
      )}
      <section>
        <h2 className="mb-2 text-control font-semibold">The answer</h2>
        <KeyValueList
          items={[
            { label: 'First byte', value: formatDuration(detail.firstByteMs) },
            { label: 'Streamed for', value: formatDuration(timing.streamMs) },
            { label: 'Duration', value: formatDuration(detail.responseTimeMs) },
            {
              label: 'Speed',
              value:
                timing.tokensPerSecond === null ? '–' : `${timing.tokensPerSecond.toFixed(1)} output tokens a second`,
            },
            {
              label: 'Pieces',
              value: timing.pieces === 0 ? '–' : `${formatExact(timing.pieces)} (those within 25 ms are one)`,
            },
            { label: 'Stalls', value: describeStalls(timing) },
          ]}
        />
        {timing.arrival.length > 1 && <ArrivalChart timing={timing} />}
      </section>
      <section>
        <h2 className="mb-2 text-control font-semibold">Accounts asked, and why</h2>
        {timing.attempts.length === 0 ? (
          <p className="text-secondary">
            {detail.attempts === null ? 'Not recorded.' : 'None: the request was not sent to the upstream.'}
          </p>
        ) : (
          <Card>
            <Table
              caption="Attempts"
              columns={attemptColumns(detail)}
              rows={timing.attempts}
              rowKey={(attempt) => `${attempt.startedAtMs} ${attempt.accountId}`}
            />
          </Card>
        )}
        {detail.noAccount && (
          <div className="mt-3 text-body">
            <span className="font-medium">
              {timing.attempts.length > 0 ? 'Nobody else was asked' : 'Nobody was asked'}
            </span>
            <DecisionNote decision={detail.noAccount} detail={detail} />
          </div>
        )}
      </section>
    </div>
  )
}

const phaseColors: Record<Phase['kind'], string> = {
  proxy: 'var(--chart-other)',
  attempt: 'var(--chart-1)',
  failed: 'var(--color-danger)',
  stream: 'var(--chart-4)',
}
const phaseDetails: Record<Phase['kind'], string> = {
  proxy: 'who, which account, journal',
  attempt: 'until the first byte',
  failed: 'failed attempt',
  stream: 'first byte to last',
}

function phaseRow({ name, kind, fromMs, lengthMs }: Phase, index: number, { durationMs }: Timing) {
  return {
    key: `${index} ${name}`,
    name: cleanText(name),
    detail: phaseDetails[kind],
    value: formatDuration(lengthMs),
    from: fromMs / durationMs,
    length: lengthMs / durationMs,
    color: phaseColors[kind],
  }
}

function describeStalls({ stalls }: Timing): string {
  if (stalls.length === 0) return 'none over 5 s'
  return stalls.map(({ fromMs, lengthMs }) => `${formatDuration(lengthMs)} at ${formatDuration(fromMs)}`).join(', ')
}

const width = 400
const height = 80

/** How the bytes of the answer came in, as a rising line. */
function ArrivalChart({ timing }: { timing: Timing }) {
  const points = timing.arrival.map(
    ({ at, bytes }) => `L${(at * width).toFixed(1)} ${(height - bytes * height).toFixed(1)}`,
  )
  const [first] = timing.arrival
  return (
    <figure className="mt-4">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className="h-24 w-full border-b border-l border-line"
        aria-hidden
      >
        <path
          d={`M${((first?.at ?? 0) * width).toFixed(1)} ${height}${points.join('')}`}
          fill="none"
          stroke="var(--chart-4)"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="mt-1 flex justify-between text-table text-muted">
        <span>0</span>
        <span>bytes of the answer over time</span>
        <span>{formatDuration(timing.durationMs)}</span>
      </figcaption>
    </figure>
  )
}

const attemptColumns = (detail: RequestDetail): Column<TimedAttempt>[] => [
  {
    key: 'account',
    header: 'Account',
    isTitle: true,
    cell: (attempt) => (
      <span title={attempt.accountId === null ? undefined : cleanText(attempt.accountId)}>
        {cleanText(attempt.account)}
        <DecisionNote decision={attempt} detail={detail} />
      </span>
    ),
  },
  { key: 'status', header: 'Status', cell: (attempt) => attempt.status ?? cleanText(attempt.error ?? 'no answer') },
  {
    key: 'offset',
    header: 'After',
    align: 'end',
    cell: (attempt) => formatDuration(attempt.offsetMs),
    className: 'whitespace-nowrap',
  },
  {
    key: 'duration',
    header: 'Took',
    align: 'end',
    cell: (attempt) => formatDuration(attempt.durationMs),
    className: 'whitespace-nowrap',
  },
]
