'use client'

import { cleanText } from '@/components/message/clean-text'
import { Badge } from '@/components/ui/badge'
import { KeyValueList, type KeyValue } from '@/components/ui/key-value-list'
import { formatDuration, formatTime } from '@/lib/format'
import type { Titled } from '@/lib/conversations/load-titles'
import type { RecordedRequest } from '@/lib/requests/get-request'
import { CostText } from './cost-text'
import { IdText } from './id-text'
import { OutcomePill } from './request-columns'
import { TokenBar } from './token-bar'
import { ValueMenu } from './value-menu'

interface RequestFactsListProps {
  facts: Titled<RecordedRequest>
  timeZone: string
}

/** Who, what, when, and what it cost. */
export function RequestFactsList({ facts, timeZone }: RequestFactsListProps) {
  return (
    <div className="@container">
      <div className="grid items-start gap-x-8 gap-y-2 @2xl:grid-cols-2 @5xl:grid-cols-3">
        <KeyValueList items={whatItems(facts, timeZone)} />
        <KeyValueList items={whoItems(facts)} />
        <KeyValueList items={idItems(facts)} className="@2xl:col-span-2 @5xl:col-span-1" />
      </div>
    </div>
  )
}

function whatItems(facts: RecordedRequest, timeZone: string): KeyValue[] {
  return [
    { label: 'Status', value: <Ending facts={facts} /> },
    { label: 'Time', value: formatTime(facts.timestamp, timeZone) },
    { label: 'Model', value: facts.model ? <ValueMenu field="model" value={facts.model} /> : '–' },
    { label: 'Tokens', value: <TokenBar counts={facts} /> },
    { label: 'Cost', value: <CostText {...facts} /> },
    { label: 'First byte', value: formatDuration(facts.firstByteMs) },
    { label: 'Duration', value: formatDuration(facts.responseTimeMs) },
  ]
}

function Ending({ facts }: { facts: RecordedRequest }) {
  return (
    <span className="flex min-h-5 flex-wrap items-center gap-2">
      <ValueMenu field="outcome" value={facts.outcome} label={<OutcomePill request={facts} />} />
      {facts.errorType && <ValueMenu field="errorType" value={facts.errorType} />}
      {facts.stopReason && <Badge>{cleanText(facts.stopReason)}</Badge>}
    </span>
  )
}

function whoItems(facts: RecordedRequest): KeyValue[] {
  const { clientKeyId: key, accountId: account } = facts
  const accountLabel = facts.accountName === null ? undefined : cleanText(facts.accountName)
  return [
    facts.domainId
      ? { label: 'Domain', value: <ValueMenu field="domain" value={facts.domain} /> }
      : { label: 'Domain', value: `none; it named ${cleanText(facts.domain)}` },
    {
      label: 'Client key',
      value: key ? <ValueMenu field="clientKeyId" value={key} label={cleanText(facts.clientKeyName ?? key)} /> : 'none',
    },
    {
      label: 'Account',
      value: account ? <ValueMenu field="accountId" value={account} label={accountLabel} /> : 'none',
    },
    { label: 'Kind', value: <ValueMenu field="kind" value={facts.kind} /> },
    {
      label: 'Call',
      value: (
        <span className="font-mono text-table">{`${facts.method} ${cleanText(facts.path)}${facts.streaming ? ' (stream)' : ''}`}</span>
      ),
    },
    { label: 'Client', value: facts.userAgent ? cleanText(facts.userAgent) : '–' },
    { label: 'Tool calls', value: String(facts.toolCallCount) },
  ]
}

function idItems(facts: Titled<RecordedRequest>): KeyValue[] {
  return [
    idItem('Request', facts.requestId),
    idItem('Upstream id', facts.upstreamRequestId),
    idItem('Message', facts.messageId),
    idItem('Session', facts.sessionId),
    ...(facts.agentId ? [idItem('Agent', facts.agentId)] : []),
    {
      label: 'Conversation',
      value: facts.conversationId ? (
        <ValueMenu
          field="conversationId"
          value={facts.conversationId}
          label={
            <span className="block truncate" title={`${conversationLabel(facts)}\n${facts.conversationId}`}>
              {conversationLabel(facts)}
            </span>
          }
          page={{ href: conversationHref(facts), label: 'Open the conversation' }}
        />
      ) : (
        'none'
      ),
    },
    ...linkItems(facts),
  ]
}

function conversationLabel({ branchId, conversationTitle }: Titled<RecordedRequest>): string {
  return [conversationTitle ?? 'untitled', branchId]
    .filter((part) => part !== null)
    .map(cleanText)
    .join(' · ')
}

function conversationHref({ branchId, conversationId }: RecordedRequest): string {
  return `/conversations/${conversationId}${branchId ? `?branch=${encodeURIComponent(branchId)}` : ''}`
}

function linkItems({ parentRequestId, parentTaskRequestId, attemptOf }: RecordedRequest): KeyValue[] {
  const links = [
    ['Turn before', parentRequestId],
    ['Started by', parentTaskRequestId],
    ['Attempt of', attemptOf],
  ] as const
  return links.flatMap(([label, id]) => (id ? [idItem(label, id, `/requests/${id}`)] : []))
}

function idItem(label: string, id: string | null, href?: string): KeyValue {
  return { label, value: <IdText name={label.toLowerCase()} id={id} href={href} /> }
}
