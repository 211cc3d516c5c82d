'use client'

import Link from 'next/link'
import useSWR from 'swr'
import { cleanText } from '@/components/message/clean-text'
import { Collapsible } from '@/components/message/collapsible'
import { TextDiff } from '@/components/message/text-diff'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { Badge, type Tone } from '@/components/ui/badge'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { SkeletonRows } from '@/components/ui/skeleton'
import type { PromptChange } from '@/lib/conversations/compare-prompts'
import type { TurnComparison } from '@/lib/conversations/compare-turns'
import type { UpstreamFinding } from '@/lib/conversations/upstream-finding'
import { formatBytes, formatCostUsd, formatExact } from '@/lib/format'

/** What this turn changed against the one before, and what became of its cache. */
export function ChangesTab({ requestId }: { requestId: string }) {
  const { data, error, mutate } = useSWR<TurnComparison, ApiError>(`/api/requests/${requestId}/comparison`, fetchJson, {
    revalidateOnFocus: false,
  })
  if (error) return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  if (!data) return <SkeletonRows count={6} />
  return (
    <div className="flex flex-col gap-4">
      <CacheCard data={data} />
      {data.comparison ? <Changes data={data} comparison={data.comparison} /> : <NothingToCompare data={data} />}
    </div>
  )
}

function CacheCard({ data }: { data: TurnComparison }) {
  const { cache, lostCostUsd, upstream } = data
  const isBreak = cache.lostTokens > 0
  return (
    <section
      aria-label="Cache"
      className={`rounded-card border px-4 py-3 ${isBreak ? 'border-warn bg-warn-fill' : 'border-line bg-subtle'}`}
    >
      <h2 className="font-semibold">{isBreak ? 'The cache broke' : 'Cache'}</h2>
      <p>{cleanText(cache.reason)}</p>
      {isBreak && (
        <p className="text-secondary">
          <span className="numeric">{formatExact(cache.lostTokens)}</span> tokens were sent again
          {lostCostUsd !== null && <>, for {formatCostUsd(lostCostUsd, 'estimated')} more than reading them</>}
          {cache.path && (
            <>
              ; first difference at <code className="font-mono">{cleanText(cache.path)}</code>
            </>
          )}
          .
        </p>
      )}
      {upstream && <UpstreamLine finding={upstream} />}
    </section>
  )
}

function UpstreamLine({ finding: { text, missedTokens } }: { finding: UpstreamFinding }) {
  return (
    <p className="text-secondary">
      The upstream says: {cleanText(text)}
      {missedTokens !== null && (
        <>
          {' '}
          (<span className="numeric">{formatExact(missedTokens)}</span> tokens missed)
        </>
      )}
      .
    </p>
  )
}

function NothingToCompare({ data }: { data: TurnComparison }) {
  return data.parentRequestId === null ? (
    <EmptyState title="No turn before" reason="This is where its conversation begins, as far as it was recorded." />
  ) : (
    <EmptyState title="Nothing to compare" reason="The content of this turn or of the one before was not kept." />
  )
}

interface ChangesProps {
  data: TurnComparison
  comparison: NonNullable<TurnComparison['comparison']>
}

function Changes({ data, comparison }: ChangesProps) {
  const { changes, changeCount, sharedBytes, totalBytes, sharedCount } = comparison
  return (
    <section aria-label="Changes">
      <p className="mb-2 text-secondary">
        The same as in the{' '}
        <Link className="text-accent underline" href={`/requests/${data.parentRequestId}`}>
          turn before
        </Link>
        : the first {formatExact(sharedCount)} blocks, {formatBytes(sharedBytes)} of {formatBytes(totalBytes)}.
        {changeCount > changes.length &&
          ` The first ${changes.length} of ${formatExact(changeCount)} changes are shown.`}
      </p>
      {changes.length === 0 && <p>Nothing was added.</p>}
      <div className="divide-y divide-line rounded-card border border-line">
        {changes.map((change) => (
          <ChangeRow key={`${change.kind} ${change.path}`} change={change} />
        ))}
      </div>
    </section>
  )
}

const tones: Record<PromptChange['kind'], Tone> = { added: 'ok', removed: 'danger', changed: 'warn' }

function ChangeRow({ change }: { change: PromptChange }) {
  return (
    <Collapsible
      className="px-3 py-2"
      summary={
        <>
          <Badge tone={tones[change.kind]}>{change.kind}</Badge>
          <span className="font-mono text-ink">{cleanText(change.path)}</span>
          <span className="text-muted">{cleanText(change.name)}</span>
        </>
      }
    >
      <TextDiff before={change.before ?? ''} after={change.after ?? ''} />
    </Collapsible>
  )
}
