'use client'

import { useMemo, useState } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { Collapsible } from '@/components/message/collapsible'
import { JsonView } from '@/components/message/json-view'
import { MessageView } from '@/components/message/message-view'
import { prepareBlocks } from '@/components/message/prepare-blocks'
import type { PreparedMessage } from '@/components/message/prepared-message'
import { Button } from '@/components/ui/button'
import { asRecord, asText } from '@/lib/claude/json'
import { formatExact, formatQuantity } from '@/lib/format'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { ContentNotice, EndingNotice } from './content-notice'
import { PromptFrame } from './prompt-frame'

/** What was said: the turn this request is about, with what led to it folded away. */
export function ConversationTab({ detail }: { detail: RequestDetail }) {
  const { requestBody, responseBody, content, outcome } = detail
  const prepared = useMemo(() => prepareBlocks(requestBody, responseBody), [requestBody, responseBody])
  const earlier = prepared.messages.slice(0, prepared.turnStart)
  const turn = prepared.messages.slice(prepared.turnStart)
  const isConversation = prepared.messages.length > 0
  return (
    <div className="flex flex-col gap-4">
      <EndingNotice outcome={outcome} />
      <ContentNotice state={content.request.state} />
      <PromptFrame prepared={prepared} />
      {earlier.length > 0 && <EarlierMessages messages={earlier} />}
      {turn.map((message) => (
        <MessageView key={message.key} message={message} areToolsOpen />
      ))}
      {content.response.state !== content.request.state && <ContentNotice state={content.response.state} />}
      {isConversation && prepared.answer && prepared.answer.blocks.length > 0 ? (
        <MessageView message={prepared.answer} label="Answer" areToolsOpen />
      ) : (
        <OtherAnswer body={responseBody} />
      )}
      {!isConversation && content.request.state === 'kept' && <PlainBody title="Request body" body={requestBody} />}
    </div>
  )
}

const shownAtOnce = 20

/** The history that every turn sends again; drawn a part at a time, the latest first. */
function EarlierMessages({ messages }: { messages: readonly PreparedMessage[] }) {
  const [shown, setShown] = useState(shownAtOnce)
  const hidden = Math.max(0, messages.length - shown)
  return (
    <Collapsible
      className="rounded-card border border-line px-3 py-2"
      summary={<span>{formatQuantity(messages.length, 'earlier message')}, sent again with this turn</span>}
    >
      <div className="flex flex-col gap-4">
        {hidden > 0 && (
          <Button size="small" onClick={() => setShown(shown + shownAtOnce)}>
            Show {Math.min(shownAtOnce, hidden)} more of {formatExact(hidden)} before these
          </Button>
        )}
        {messages.slice(hidden).map((message) => (
          <MessageView key={message.key} message={message} />
        ))}
      </div>
    </Collapsible>
  )
}

/** An answer that is no message: an error, a count, a list of models. */
function OtherAnswer({ body }: { body: unknown }) {
  if (body === null || body === undefined) return null
  const error = asRecord(asRecord(body)?.error)
  if (!error) return <PlainBody title="Answer" body={body} />
  return (
    <section className="rounded-card border border-danger bg-danger-fill px-4 py-3" aria-label="Error">
      <p className="font-mono font-semibold text-danger">{cleanText(asText(error.type) ?? 'error')}</p>
      <p className="break-words whitespace-pre-wrap">{cleanText(asText(error.message, 20_000) ?? '')}</p>
    </section>
  )
}

function PlainBody({ title, body }: { title: string; body: unknown }) {
  return (
    <section className="rounded-card border border-line p-3">
      <h2 className="mb-2 text-table font-semibold text-muted">{title}</h2>
      <JsonView value={body} />
    </section>
  )
}
