'use client'

import Link from 'next/link'
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useMemo } from 'react'
import useSWR from 'swr'
import { cleanText } from '@/components/message/clean-text'
import { ContentNotice } from '@/components/requests/content-notice'
import { useLiveEvents } from '@/components/live-list/use-live-events'
import { usePageKeys } from '@/components/requests/use-page-keys'
import { fetchJson } from '@/components/shell/fetcher'
import { StarButton } from '@/components/storage/star-button'
import { buttonClass } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { Tabs, type Tab } from '@/components/ui/tabs'
import type { Conversation } from '@/lib/conversations/get-conversation'
import type { RequestPage } from '@/lib/requests/list-requests'
import { formatExact } from '@/lib/format'
import { AgentTimeline } from './agent-timeline'
import { BranchPair, BranchThread } from './branch-thread'
import { chooseBranch } from './choose-branch'
import { BranchTree } from './branch-tree'
import { CompositionView } from './composition-view'
import { ConversationFacts } from './conversation-facts'
import { EraseContent } from './erase-content'
import { ExportMenu } from './export-menu'
import { prepareTimeline } from './prepare-timeline'
import { prepareTree } from './prepare-tree'

const overviews = ['timeline', 'context'] as const

interface ConversationViewProps {
  initial: Conversation
  mayReadContent: boolean
  mayDelete: boolean
  timeZone: string
}

/** One conversation: what was said, on which branches, by which agents, for how much. */
export function ConversationView(props: ConversationViewProps) {
  return (
    <NuqsAdapter>
      <ConversationBody {...props} />
    </NuqsAdapter>
  )
}

function ConversationBody({ initial, mayReadContent, mayDelete, timeZone }: ConversationViewProps) {
  const path = `/api/conversations/${initial.conversationId}`
  const { data: conversation = initial, mutate } = useSWR<Conversation>(path, fetchJson, {
    fallbackData: initial,
    revalidateOnMount: false,
    revalidateOnFocus: false,
  })
  const rows = useMemo(() => prepareTree(conversation), [conversation])
  const [chosen, setChosen] = useQueryState('branch', parseAsString)
  const branchId = chooseBranch(conversation, chosen)
  const [compared, setCompared] = useQueryState('compare', parseAsString)
  const others = rows.filter(({ branch }) => branch.branchId !== branchId)
  const otherId = others.find(({ branch }) => branch.branchId === compared)?.branch.branchId ?? null
  const timeline = useMemo(() => prepareTimeline(conversation.requests), [conversation])
  useLiveEvents({
    onOpen: async () => {
      if (await isBehind(conversation)) void mutate()
    },
    onRequests: (requests) => {
      if (requests.some(({ conversationId }) => conversationId === initial.conversationId)) void mutate()
    },
  })
  return (
    <>
      <ConversationHeader {...{ conversation, mayReadContent, mayDelete, timeZone }} />
      <Overview
        tabs={[
          { value: 'timeline', label: 'Timeline', content: <AgentTimeline timeline={timeline} timeZone={timeZone} /> },
          ...(mayReadContent
            ? [
                {
                  value: 'context',
                  label: 'Context',
                  content: (
                    <CompositionView
                      conversationId={conversation.conversationId}
                      branchId={branchId}
                      timeZone={timeZone}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      {conversation.isCut && (
        <p className="mt-4 rounded-card border border-warn bg-warn-fill px-3 py-2 text-warn">
          This conversation has more requests than one page shows: the newest{' '}
          {formatExact(conversation.requests.length)} are here.
        </p>
      )}
      <div className="mt-4 grid gap-4 lg:grid-cols-[260px_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
        <aside className="flex flex-col gap-4">
          <BranchTree rows={rows} selectedId={branchId} onSelect={(id) => void setChosen(id)} />
          {mayReadContent && others.length > 0 && (
            <Select
              aria-label="Compare with"
              value={otherId ?? ''}
              onChange={(event) => void setCompared(event.target.value || null)}
            >
              <option value="">Compare with …</option>
              {others.map(({ branch, name }) => (
                <option key={branch.branchId} value={branch.branchId}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </aside>
        {/* Where there is one column, what was said comes before the figures. */}
        <div className="min-w-0 lg:col-start-2 lg:row-span-2">
          <Content {...{ conversation, branchId, otherId, mayReadContent }} />
        </div>
        <div className="lg:col-start-1 lg:row-start-2">
          <ConversationFacts conversation={conversation} />
        </div>
      </div>
    </>
  )
}

/** Whether something was recorded while nobody listened: asked for by one row, not by reading all of it again. */
async function isBehind({ conversationId, requests }: Conversation): Promise<boolean> {
  const path = `/api/requests?conversationId=${conversationId}&limit=1`
  const page = await fetchJson<RequestPage>(path).catch(() => null)
  return page === null || page.requests[0]?.requestId !== requests.at(-1)?.requestId
}

interface ContentProps {
  conversation: Conversation
  branchId: string
  /** The branch it is compared with. */
  otherId: string | null
  mayReadContent: boolean
}

function Content({ conversation, branchId, otherId, mayReadContent }: ContentProps) {
  if (!mayReadContent) return <ContentNotice state="not_permitted" />
  const key = `${branchId} ${otherId}`
  return otherId === null ? (
    <BranchThread key={key} conversation={conversation} branchId={branchId} />
  ) : (
    <BranchPair key={key} conversation={conversation} branchId={branchId} otherId={otherId} />
  )
}

/** The whole conversation in one picture; `t` goes to the next one. */
function Overview({ tabs }: { tabs: readonly Tab[] }) {
  const [shown, setShown] = useQueryState('overview', parseAsStringLiteral(overviews).withDefault('timeline'))
  const values = tabs.map(({ value }) => value)
  const value = values.includes(shown) ? shown : 'timeline'
  usePageKeys({ t: () => void setShown(value === 'timeline' && values.includes('context') ? 'context' : 'timeline') })
  return (
    <Tabs
      label="Overview"
      tabs={tabs}
      value={value}
      onChange={(next) => void setShown(next as (typeof overviews)[number])}
    />
  )
}

function ConversationHeader({
  conversation,
  mayReadContent,
  mayDelete,
  timeZone,
}: Omit<ConversationViewProps, 'initial'> & { conversation: Conversation }) {
  const { conversationId, title, domain, projectDirectory, gitBranch } = conversation
  const place = [domain, projectDirectory, gitBranch].flatMap((part) => (part ? cleanText(part) : []))
  return (
    <PageHeader
      title={title === null ? 'Conversation' : <bdi>{cleanText(title)}</bdi>}
      description={
        <>
          {place.join(' · ')} · last turn <RelativeTime at={conversation.lastRequestAt} timeZone={timeZone} />
        </>
      }
      actions={
        <>
          {mayReadContent && (
            <StarButton path={`/api/conversations/${conversationId}/star`} initial={conversation.isStarred} />
          )}
          {mayReadContent && <ExportMenu conversationId={conversationId} />}
          <Link
            href={`/requests?from=2020-01-01&conversationId=${conversationId}`}
            className={buttonClass({ size: 'small' })}
          >
            Requests
          </Link>
          {mayDelete && <EraseContent conversation={conversation} />}
        </>
      }
    />
  )
}
