'use client'

import { useCallback, useMemo } from 'react'
import useSWR from 'swr'
import { prepareBlocks } from '@/components/message/prepare-blocks'
import { ToolLinks, type FindToolLink } from '@/components/message/tool-link'
import { ContentNotice } from '@/components/requests/content-notice'
import { PromptFrame } from '@/components/requests/prompt-frame'
import { useRequestDetail } from '@/components/requests/request-content-view'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { ErrorState } from '@/components/ui/error-state'
import { SkeletonRows } from '@/components/ui/skeleton'
import type { Conversation } from '@/lib/conversations/get-conversation'
import type { Thread } from '@/lib/conversations/load-thread'
import { formatCostUsd, formatExact } from '@/lib/format'
import { threadPath } from './choose-branch'
import { findFork } from './find-fork'
import { findSubtask } from './find-subtask'
import { branchName } from './prepare-tree'
import { ThreadView } from './thread-view'

interface BranchThreadProps {
  conversation: Conversation
  branchId: string
}

/** What was said on a branch; read anew when it got a new turn. */
function useThread({ conversation, branchId }: BranchThreadProps) {
  const tip = conversation.branches.find((branch) => branch.branchId === branchId)?.latestRequestId
  const path = threadPath(conversation.conversationId, branchId)
  return useSWR<Thread, ApiError>([path, tip], ([address]: [string, string]) => fetchJson<Thread>(address), {
    revalidateOnFocus: false,
    keepPreviousData: true,
  })
}

export function BranchThread(props: BranchThreadProps) {
  const { data, error, mutate } = useThread(props)
  const prepared = useMemo(() => data && prepareBlocks(data.body, data.answer), [data])
  const { conversationId, requests } = props.conversation
  const findLink = useCallback<FindToolLink>(
    (block) => {
      const branchId = findSubtask(block, requests)
      if (branchId === null) return null
      return { href: `/conversations/${conversationId}?branch=${branchId}`, label: 'Open the sub-task' }
    },
    [conversationId, requests],
  )
  if (error && !data)
    return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  if (!data || !prepared) return <SkeletonRows count={12} />
  if (!data.body) return <MissingContent requestId={data.requestId} />
  return (
    <ToolLinks value={findLink}>
      <div className="flex min-w-0 flex-col gap-3">
        <PromptFrame prepared={prepared} />
        <ThreadView prepared={prepared} />
      </div>
    </ToolLinks>
  )
}

/** Why there is no transcript; its newest request knows. */
function MissingContent({ requestId }: { requestId: string }) {
  const { data, error } = useRequestDetail(requestId)
  if (!data && !error) return <SkeletonRows count={2} />
  return <ContentNotice state={data?.content.request.state ?? 'not_captured'} />
}

/** Two branches side by side, from where they part. */
export function BranchPair({ conversation, branchId, otherId }: BranchThreadProps & { otherId: string }) {
  const [left, right] = [useThread({ conversation, branchId }), useThread({ conversation, branchId: otherId })]
  const error = left.error ?? right.error
  if (error) return <ErrorState message={error.message} requestId={error.requestId} />
  if (!left.data || !right.data) return <SkeletonRows count={12} />
  const missing = [left.data, right.data].find(({ body }) => !body)
  if (missing) return <MissingContent requestId={missing.requestId} />
  const fork = findFork(left.data, right.data)
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-secondary">
        {fork === 0
          ? 'They begin differently.'
          : `Both begin with the same ${formatExact(fork)} messages; here is what follows.`}
      </p>
      <div className="grid gap-4 xl:grid-cols-2">
        <PairSide conversation={conversation} branchId={branchId} thread={left.data} fork={fork} />
        <PairSide conversation={conversation} branchId={otherId} thread={right.data} fork={fork} />
      </div>
    </div>
  )
}

function PairSide({ conversation, branchId, thread, fork }: BranchThreadProps & { thread: Thread; fork: number }) {
  const prepared = useMemo(() => {
    const { messages, answer, ...rest } = prepareBlocks(thread.body, thread.answer)
    return { ...rest, messages: messages.slice(fork), answer: fork > messages.length ? null : answer }
  }, [thread, fork])
  const branch = conversation.branches.find((one) => one.branchId === branchId)
  return (
    <section aria-label={branchName(branchId)} className="min-w-0">
      <h2 className="mb-2 flex items-baseline gap-2 font-semibold">
        {branchName(branchId)}
        <span className="font-normal text-secondary numeric">
          {branch && formatCostUsd(branch.costUsd, branch.costConfidence)}
        </span>
      </h2>
      <ThreadView prepared={prepared} opensAt="start" />
    </section>
  )
}
