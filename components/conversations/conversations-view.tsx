'use client'

import { parseAsString, useQueryStates } from 'nuqs'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { TimeRangePicker } from '@/components/charts/time-range-picker'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Checkbox } from '@/components/ui/checkbox'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { LoadMore } from '@/components/ui/pagination'
import { SearchField } from '@/components/ui/search-field'
import { Select } from '@/components/ui/select'
import { SkeletonRows } from '@/components/ui/skeleton'
import { Table } from '@/components/ui/table'
import { formatExact } from '@/lib/format'
import { conversationColumns } from './conversation-columns'
import { listNames, listQueryOf, type ListName } from './list-query'
import { useConversationList, type DrawnPage } from './use-conversation-list'

interface ConversationsViewProps {
  initial: DrawnPage | null
  domains: readonly string[]
  models: readonly string[]
}

const parsers = Object.fromEntries([...listNames, 'tz'].map((name) => [name, parseAsString]))
const presets = [
  { sort: 'recent', label: 'Latest' },
  { sort: 'cost', label: 'Most costly' },
  { sort: 'longest', label: 'Longest' },
  { sort: 'errors', label: 'Most errors' },
]

/** What was worked on, by whom, for how much. */
export function ConversationsView(props: ConversationsViewProps) {
  return (
    <NuqsAdapter>
      <ConversationsBody {...props} />
    </NuqsAdapter>
  )
}

function ConversationsBody({ initial, domains, models }: ConversationsViewProps) {
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  const list = useConversationList(listQueryOf(state), initial)
  const change = (patch: Partial<Record<ListName, string | null>>) => void setState(patch)
  const hasFilter = Boolean(state.q || state.domain || state.model || state.accountId || state.sort === 'errors')
  return (
    <>
      <PageHeader
        title="Conversations"
        description="Requests that belong together: turns, branches, compactions and sub-tasks."
        actions={<TimeRangePicker />}
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchField
          value={state.q ?? ''}
          onSearch={(q) => change({ q: q || null })}
          label="Search in what was said"
          placeholder="Words, or an id"
          shortest={2}
          className="w-full sm:w-72"
        />
        <Choice label="Domain" value={state.domain} options={domains} onChange={(domain) => change({ domain })} />
        <Choice label="Model" value={state.model} options={models} onChange={(model) => change({ model })} />
        <Presets
          current={state.sort ?? 'recent'}
          onChoose={(sort) => change({ sort: sort === 'recent' ? null : sort })}
        />
        <Checkbox
          label="Side calls alone"
          checked={state.includeSideCalls === 'true'}
          onChange={(event) => change({ includeSideCalls: event.target.checked ? 'true' : null })}
        />
      </div>
      <Results
        list={list}
        timeZone={state.tz ?? 'UTC'}
        hasFilter={hasFilter}
        onClear={() => change({ q: null, domain: null, model: null, accountId: null, sort: null })}
      />
    </>
  )
}

interface ResultsProps {
  list: ReturnType<typeof useConversationList>
  timeZone: string
  hasFilter: boolean
  onClear: () => void
}

function Results({ list, timeZone, hasFilter, onClear }: ResultsProps) {
  const { conversations, error, isLoading } = list
  return (
    <>
      {error && (
        <div className="mb-3">
          <ErrorState message={error.message} requestId={error.requestId} onRetry={list.reload} />
        </div>
      )}
      <Card>
        {isLoading && <SkeletonRows count={10} />}
        {!isLoading && !error && conversations.length === 0 && (
          <NoConversations hasFilter={hasFilter} onClear={onClear} />
        )}
        {conversations.length > 0 && (
          <>
            <Table
              caption="Conversations"
              columns={conversationColumns(timeZone)}
              rows={conversations}
              rowKey={(one) => one.conversationId}
              density="comfortable"
            />
            <LoadMore
              nextCursor={list.nextCursor}
              isLoading={list.isLoadingMore}
              onLoadMore={list.loadMore}
              shown={`${formatExact(conversations.length)} conversations`}
            />
          </>
        )}
      </Card>
    </>
  )
}

interface ChoiceProps {
  label: string
  value: string | null | undefined
  options: readonly string[]
  onChange: (value: string | null) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const all = value && !options.includes(value) ? [value, ...options] : options
  return (
    <Select
      className="w-48"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{`${label}: all`}</option>
      {all.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </Select>
  )
}

function Presets({ current, onChoose }: { current: string; onChoose: (sort: string) => void }) {
  return (
    <div role="group" aria-label="Order" className="flex flex-wrap gap-1">
      {presets.map(({ sort, label }) => (
        <Button
          key={sort}
          size="small"
          variant={sort === current ? 'secondary' : 'ghost'}
          aria-pressed={sort === current}
          onClick={() => onChoose(sort)}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}

function NoConversations({ hasFilter, onClear }: { hasFilter: boolean; onClear: () => void }) {
  if (hasFilter)
    return (
      <EmptyState
        title="No conversation matches"
        reason="None of this time range matches all of the filters. The search finds whole words of users and of answers."
        action={
          <Button variant="primary" onClick={onClear}>
            Clear the filters
          </Button>
        }
      />
    )
  return (
    <EmptyState
      title="No conversations in this time range"
      reason="Requests are put together by the history they send: one that goes on from another joins its conversation. Choose a longer range, or point a client at the proxy."
    />
  )
}
