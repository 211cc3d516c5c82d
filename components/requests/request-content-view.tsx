'use client'

import useSWR from 'swr'
import { ErrorState } from '@/components/ui/error-state'
import { SkeletonRows } from '@/components/ui/skeleton'
import type { Titled } from '@/lib/conversations/load-titles'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { ConversationTab } from './conversation-tab'
import { RequestFactsList } from './request-facts'

/** A request never changes once it is recorded, but for its place in a conversation. */
export function useRequestDetail(requestId: string) {
  return useSWR<Titled<RequestDetail>, Error & { requestId?: string | null }>(`/api/requests/${requestId}`, {
    revalidateOnFocus: false,
    keepPreviousData: false,
  })
}

/** Facts and conversation of one request, as the list shows them beside itself. */
export function RequestContentView({ requestId, timeZone }: { requestId: string; timeZone: string }) {
  const { data, error, mutate } = useRequestDetail(requestId)
  if (error) return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  if (!data) return <SkeletonRows count={8} />
  return (
    <div className="flex flex-col gap-6 pb-6">
      <RequestFactsList facts={data} timeZone={timeZone} />
      <ConversationTab detail={data} />
    </div>
  )
}
