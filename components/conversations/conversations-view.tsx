'use client'

import Link from 'next/link'
import { parseAsString, useQueryStates } from 'nuqs'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState } from 'react'
import { TimeRangePicker } from '@/components/charts/time-range-picker'
import { LiveCard } from '@/components/live-list/live-card'
import { LiveControl } from '@/components/live-list/live-control'
import { LiveTable } from '@/components/live-list/live-table'
import type { LiveRows } from '@/components/live-list/use-live-list'
import type { DrawnPage } from '@/components/live-list/use-pages'
import { useRowInView } from '@/components/live-list/use-row-in-view'
import { moveKeys, usePageKeys } from '@/components/requests/use-page-keys'
import { Button, buttonClass } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { SearchField } from '@/components/ui/search-field'
import { Select } from '@/components/ui/select'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import type { ConversationPage } from '@/lib/conversations/list-conversations'
import { conversationColumns, titleColumn } from './conversation-columns'
import { ConversationRow } from './conversation-row'
import { listNames, listQueryOf, type ListName } from './list-query'
import { useConversationList } from './use-conversation-list'

const columns = [titleColumn, ...conversationColumns]

interface ConversationsViewProps {
  initial: DrawnPage<ConversationPage> | null
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
  const isOpenEnded = !state.to || state.to === 'now'
  const [isPaused, setPaused] = useState(false)
  const list = useConversationList(listQueryOf(state), { initial, isLive: isOpenEnded && !isPaused })
  const change = (patch: Partial<Record<ListName, string | null>>) => void setState(patch)
  const hasFilter = Boolean(state.q || state.domain || state.model || state.accountId || state.sort === 'errors')
  return (
    <>
      <PageHeader
        title="Conversations"
        description="Requests that belong together: turns, branches, compactions and sub-tasks."
        actions={
          <>
            {isOpenEnded && <LiveControl connection={list.connection} isPaused={isPaused} onPause={setPaused} />}
            <TimeRangePicker />
          </>
        }
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
  list: LiveRows<ConversationSummary>
  timeZone: string
  hasFilter: boolean
  onClear: () => void
}

function Results({ list, timeZone, hasFilter, onClear }: ResultsProps) {
  const { chosenId, choose, move } = useChosenRow(list.rows)
  return (
    <LiveCard
      list={list}
      noun={list.rows.length === 1 ? 'conversation' : 'conversations'}
      empty={<NoConversations hasFilter={hasFilter} onClear={onClear} />}
    >
      <LiveTable
        list={list}
        label="Conversations"
        columns={columns}
        idOf={({ conversationId }) => conversationId}
        rowHeight={48}
        cardHeight={88}
        selectedId={chosenId}
        onReach={choose}
        onMove={move}
        drawRow={(conversation, standing) => (
          <ConversationRow
            key={conversation.conversationId}
            {...{ conversation, timeZone, ...standing }}
            isNew={list.newIds.has(conversation.conversationId)}
          />
        )}
      />
    </LiveCard>
  )
}

/** The row the keyboard is at. */
function useChosenRow(rows: readonly ConversationSummary[]) {
  const [chosenId, choose] = useState<string | null>(null)
  const focusRow = useRowInView(chosenId, true)
  const move = (by: 1 | -1) => {
    const at = rows.findIndex(({ conversationId }) => conversationId === chosenId)
    const next = rows[at < 0 ? 0 : at + by]
    if (!next) return
    focusRow(next.conversationId)
    choose(next.conversationId)
  }
  usePageKeys(moveKeys(move))
  return { chosenId, choose, move }
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
      className="min-w-0 flex-1 basis-36 sm:w-48 sm:flex-none"
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
      action={
        <Link href="/domains" className={buttonClass({ variant: 'primary' })}>
          Get a client key
        </Link>
      }
    />
  )
}
