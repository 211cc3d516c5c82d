'use client'

import { ArrowLeft, ChevronDown, ChevronUp } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { ChangesTab } from '@/components/conversations/changes-tab'
import { StarButton } from '@/components/storage/star-button'
import { Card, CardBody } from '@/components/ui/card'
import { buttonClass } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { PageHeader } from '@/components/ui/page-header'
import { SkeletonRows } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import type { Titled } from '@/lib/conversations/load-titles'
import type { RecordedRequest } from '@/lib/requests/get-request'
import type { Neighbours } from '@/lib/requests/list-requests'
import type { PricedRequest } from '@/lib/requests/price-request'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { ContentNotice } from './content-notice'
import { ConversationTab } from './conversation-tab'
import { CopyCurlButton } from './copy-curl-button'
import { copyText } from './copy-text'
import { HeadersTab } from './headers-tab'
import { RawTab } from './raw-tab'
import { useRequestDetail } from './request-content-view'
import { ReplayButton } from './replay-dialog'
import { ReplayNotice } from './replay-notice'
import { RequestFactsList } from './request-facts'
import { TimingTab } from './timing-tab'
import { UsageTab } from './usage-tab'
import { moveKeys, usePageKeys } from './use-page-keys'

interface RequestViewProps {
  facts: Titled<RecordedRequest>
  priced: PricedRequest
  neighbours: Neighbours
  mayReplay: boolean
  mayReadContent: boolean
  mayStar: boolean
  timeZone: string
  /** The filters one came with, for going back and along. */
  query: string
}

const tabNames = ['conversation', 'changes', 'usage', 'timing', 'headers', 'raw'] as const

/** One request, in full. */
export function RequestView(props: RequestViewProps) {
  return (
    <NuqsAdapter>
      <RequestHead {...props} />
      {props.facts.kind === 'replay' && <ReplayNotice requestId={props.facts.requestId} />}
      <Card className="mb-4">
        <CardBody>
          <RequestFactsList facts={props.facts} timeZone={props.timeZone} />
        </CardBody>
      </Card>
      <RequestTabs {...props} />
    </NuqsAdapter>
  )
}

function RequestHead({ facts, neighbours, mayReplay, mayReadContent, mayStar, query }: RequestViewProps) {
  const router = useRouter()
  usePageKeys({
    ...moveKeys((by) => {
      const id = by === 1 ? neighbours.olderId : neighbours.newerId
      if (id) router.push(`/requests/${id}?${query}`)
    }),
    c: () => void copyText(location.href),
  })
  return (
    <PageHeader
      title="Request"
      description={<span className="font-mono break-all">{facts.requestId}</span>}
      actions={
        <>
          {mayReplay && <ReplayButton facts={facts} />}
          {mayStar && <StarButton path={`/api/requests/${facts.requestId}/star`} initial={facts.isStarred} />}
          {mayReadContent && <CopyCurlButton facts={facts} />}
          <Link href={`/requests?${query}`} className={buttonClass({ size: 'small' })}>
            <ArrowLeft aria-hidden />
            All requests
          </Link>
          <NeighbourLink id={neighbours.newerId} query={query} label="Newer" Icon={ChevronUp} />
          <NeighbourLink id={neighbours.olderId} query={query} label="Older" Icon={ChevronDown} />
        </>
      }
    />
  )
}

interface NeighbourLinkProps {
  id: string | null
  query: string
  label: string
  Icon: typeof ChevronUp
}

function NeighbourLink({ id, query, label, Icon }: NeighbourLinkProps) {
  if (!id) return null
  return (
    <Link href={`/requests/${id}?${query}`} className={buttonClass({ size: 'small' })}>
      <Icon aria-hidden />
      {label}
    </Link>
  )
}

function RequestTabs({ facts, priced, mayReadContent }: RequestViewProps) {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(tabNames).withDefault('conversation'))
  return (
    <Tabs
      label="Parts of the request"
      value={tab}
      onChange={(value) => void setTab(value as (typeof tabNames)[number])}
      tabs={[
        {
          value: 'conversation',
          label: 'Conversation',
          content: <WithDetail facts={facts} draw={(detail) => <ConversationTab detail={detail} />} />,
        },
        {
          value: 'changes',
          label: 'Changes',
          content: mayReadContent ? (
            <ChangesTab requestId={facts.requestId} />
          ) : (
            <ContentNotice state="not_permitted" />
          ),
        },
        { value: 'usage', label: 'Usage & cost', content: <UsageTab facts={facts} priced={priced} /> },
        {
          value: 'timing',
          label: 'Timing',
          content: <WithDetail facts={facts} draw={(detail) => <TimingTab detail={detail} />} />,
        },
        {
          value: 'headers',
          label: 'Headers',
          content: <WithDetail facts={facts} draw={(detail) => <HeadersTab detail={detail} />} />,
        },
        {
          value: 'raw',
          label: 'Raw',
          content: <WithDetail facts={facts} draw={(detail) => <RawTab detail={detail} />} />,
        },
      ]}
    />
  )
}

function WithDetail({ facts, draw }: { facts: RecordedRequest; draw: (detail: RequestDetail) => ReactNode }) {
  const { data, error, mutate } = useRequestDetail(facts.requestId)
  if (error) return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  return data ? draw(data) : <SkeletonRows count={8} />
}
