'use client'

import { Check, CircleDashed, TriangleAlert, X } from 'lucide-react'
import useSWR from 'swr'
import { ApiError, fetchJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { ErrorState } from '@/components/ui/error-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { SkeletonRows } from '@/components/ui/skeleton'
import { areas, type Finding, type FindingStatus } from '@/lib/doctor/finding'
import { formatQuantity } from '@/lib/format'

interface Report {
  findings: readonly Finding[]
  checkedAt: string
}

/** What `npm run doctor` says, from inside the server. Asked for once; again when a person wants it. */
export function FindingsCard() {
  const { data, error, isValidating, mutate } = useSWR('/api/doctor', fetchJson<Report>, {
    revalidateOnFocus: false,
    revalidateOnReconnect: false,
  })
  const again = (
    <Button size="small" isBusy={isValidating} onClick={() => void mutate()}>
      Look again
    </Button>
  )
  const hint = data ? (
    <>
      {summarise(data.findings)} Looked at <RelativeTime at={data.checkedAt} />.
    </>
  ) : (
    'Calls the Claude API and this server’s own public address; that takes a moment.'
  )
  return (
    <Card>
      <CardHeader title="Doctor" hint={hint} actions={again} />
      {data ? (
        <Areas findings={data.findings} />
      ) : (
        <CardBody>
          {error ? <Failure error={error} retry={() => void mutate()} /> : <SkeletonRows count={8} />}
        </CardBody>
      )}
    </Card>
  )
}

function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const known = error instanceof ApiError ? error : null
  return (
    <ErrorState
      message={known?.message ?? 'The doctor did not come back.'}
      requestId={known?.requestId}
      onRetry={retry}
    />
  )
}

function summarise(findings: readonly Finding[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const [faults, warnings] = [count('fault'), count('warning')]
  if (faults + warnings === 0) return 'Nothing is wrong.'
  return `${formatQuantity(faults, 'fault')}, ${formatQuantity(warnings, 'warning')}.`
}

function Areas({ findings }: { findings: readonly Finding[] }) {
  return (
    <div className="divide-y divide-line">
      {areas.map((area) => {
        const own = findings.filter((finding) => finding.area === area)
        if (own.length === 0) return null
        return (
          <section key={area} className="grid gap-2 px-4 py-3 sm:grid-cols-[10rem_1fr]">
            <h3 className="text-body font-medium text-secondary">{area}</h3>
            <ul className="flex min-w-0 flex-col gap-2">
              {own.map((finding) => (
                <FindingLine key={finding.id + finding.says} finding={finding} />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}

const looks = {
  ok: { Icon: Check, word: 'ok', color: 'text-ok' },
  warning: { Icon: TriangleAlert, word: 'warning', color: 'text-warn' },
  fault: { Icon: X, word: 'fault', color: 'text-danger' },
  unknown: { Icon: CircleDashed, word: 'not known', color: 'text-muted' },
} satisfies Record<FindingStatus, { Icon: typeof Check; word: string; color: string }>

function FindingLine({ finding: { status, says, fix } }: { finding: Finding }) {
  const { Icon, word, color } = looks[status]
  return (
    <li className="flex min-w-0 gap-2 text-body">
      <Icon className={cn('mt-0.5 size-4 shrink-0', color)} role="img" aria-label={word} />
      <div className="min-w-0 break-words">
        <p>{says}</p>
        {fix && <p className="mt-1 text-secondary">→ {fix}</p>}
      </div>
    </li>
  )
}
