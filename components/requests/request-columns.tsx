import type { ReactNode } from 'react'
import type { LiveColumn } from '@/components/live-list/live-table'
import { cleanText } from '@/components/message/clean-text'
import { StatusPill } from '@/components/ui/status-pill'
import { formatDuration, formatTime } from '@/lib/format'
import type { RequestSummary } from '@/lib/requests/request-summary'
import { CostText } from './cost-text'
import { describeOutcome } from './describe-outcome'
import type { FilterField } from './filter-fields'
import type { FilterValue } from './filter-links'
import { TokenBar } from './token-bar'
import type { ListedRequest } from './use-request-list'

export interface RequestColumn extends LiveColumn {
  readonly cell: (request: ListedRequest, timeZone: string) => ReactNode
  /** What one reads while pointing at the cell, which may be too narrow for its text. */
  readonly hint?: (request: ListedRequest) => string | undefined
  /** What one can filter by in this cell; null where it holds nothing. */
  readonly filterValue?: (request: ListedRequest) => FilterValue | null
}

const valueOf = (field: FilterField, value: string | null): FilterValue | null =>
  value === null ? null : { field, value }

const nothing = <span className="text-secondary">–</span>

const untitled = <span className="text-secondary">untitled</span>

const plain = (textOf: (request: ListedRequest) => string | null): Pick<RequestColumn, 'cell' | 'hint'> => ({
  cell: (request) => cleanText(textOf(request) ?? '') || nothing,
  hint: (request) => cleanText(textOf(request) ?? '') || undefined,
})

/**
 * The columns of the requests list, in order; the time, which is the link of its row, stands before them. A list with
 * less room leaves some out; on phones a row is a card of four lines.
 */
export const requestColumns: readonly RequestColumn[] = [
  {
    key: 'outcome',
    header: 'Status',
    className: 'max-sm:row-start-1 sm:w-32',
    cell: (request) => <OutcomePill request={request} />,
    hint: ({ errorType }) => cleanText(errorType ?? '') || undefined,
    filterValue: ({ outcome, status }) =>
      outcome === 'completed' && status !== null ? valueOf('status', String(status)) : valueOf('outcome', outcome),
  },
  {
    key: 'model',
    header: 'Model',
    className: 'flex-1 max-sm:row-start-1 max-sm:font-medium sm:min-w-36',
    ...plain(({ model, path }) => model ?? path),
    filterValue: ({ model }) => valueOf('model', model),
  },
  {
    key: 'conversation',
    header: 'Conversation',
    className: 'max-sm:col-span-3 max-sm:row-start-2 sm:flex-2 sm:min-w-40 sm:@max-5xl:hidden',
    cell: ({ conversationId, conversationTitle }) =>
      conversationId === null ? nothing : conversationTitle ? cleanText(conversationTitle) : untitled,
    // Two may have the same title, or none.
    hint: ({ conversationId, conversationTitle }) =>
      conversationId === null ? undefined : [cleanText(conversationTitle ?? 'untitled'), conversationId].join('\n'),
    filterValue: ({ conversationId }) => valueOf('conversationId', conversationId),
  },
  {
    key: 'domain',
    header: 'Domain',
    className:
      'max-sm:row-start-3 max-sm:max-w-32 max-sm:text-right max-sm:text-secondary sm:w-40 sm:@max-[68rem]:hidden',
    ...plain(({ domain }) => domain),
    // A host that a stranger named is no domain to look for.
    filterValue: ({ domainId, domain }) => valueOf('domain', domainId && domain),
  },
  {
    key: 'key',
    header: 'Client key',
    className: 'hidden w-36 @[88rem]:block',
    ...plain(({ clientKeyName }) => clientKeyName),
    filterValue: ({ clientKeyId }) => valueOf('clientKeyId', clientKeyId),
  },
  {
    key: 'account',
    header: 'Account',
    className: 'hidden w-36 @[92rem]:block',
    ...plain(({ accountId, accountName }) => accountName || accountId),
    filterValue: ({ accountId }) => valueOf('accountId', accountId),
  },
  {
    key: 'kind',
    header: 'Kind',
    className: 'hidden w-24 @7xl:block',
    ...plain(({ kind }) => kind),
    filterValue: ({ kind }) => valueOf('kind', kind),
  },
  {
    key: 'tokens',
    sort: 'tokens',
    header: 'Tokens',
    className: 'max-sm:col-span-2 max-sm:row-start-4 sm:w-40 sm:@max-2xl:hidden',
    cell: (request) => <TokenBar counts={request} />,
  },
  {
    key: 'cost',
    sort: 'cost',
    header: 'Cost',
    className: 'text-right max-sm:row-start-1 max-sm:font-medium sm:w-20',
    cell: (request) => <CostText {...request} />,
  },
  {
    key: 'firstByte',
    header: 'First byte',
    className: 'hidden w-20 text-right @3xl:block',
    cell: ({ firstByteMs }) => formatDuration(firstByteMs),
  },
  {
    key: 'duration',
    sort: 'duration',
    header: 'Duration',
    className: 'text-right max-sm:row-start-4 sm:w-20 sm:@max-xl:hidden',
    cell: ({ responseTimeMs }) => formatDuration(responseTimeMs),
  },
]

export const timeColumn: LiveColumn = {
  key: 'time',
  header: 'Time',
  className: 'max-sm:col-span-2 max-sm:row-start-3 max-sm:text-secondary sm:w-30 sm:shrink-0',
}

export function OutcomePill({ request }: { request: RequestSummary }) {
  const { status, word } = describeOutcome(request)
  return (
    <span className="flex" title={request.errorType ? cleanText(request.errorType) : undefined}>
      <StatusPill status={status}>{cleanText(word)}</StatusPill>
    </span>
  )
}

/** Day and second, in the zone of the page. */
export function formatRowTime(timestamp: string, timeZone: string): string {
  const day = formatTime(timestamp, timeZone, 'short').split(',')[0]
  return `${day}, ${formatTime(timestamp, timeZone, 'clock')}`
}
