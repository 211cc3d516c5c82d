'use client'

import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { ErrorState } from '@/components/ui/error-state'
import { LoadMore } from '@/components/ui/pagination'
import { SkeletonRows } from '@/components/ui/skeleton'
import { formatExact } from '@/lib/format'
import { WaitingPill } from './live-control'
import { useHoldWhileScrolled } from './use-hold-while-scrolled'
import type { LiveRows } from './use-live-list'

interface LiveCardProps {
  list: LiveRows<unknown>
  /** What the rows are, in the plural. */
  noun: string
  /** Stands there when there is no row. */
  empty: ReactNode
  /** In place of what says how far the list was read. */
  foot?: ReactNode
  children: ReactNode
}

/** What stands around the rows: what waits, what failed, what is coming. */
export function LiveCard({ list, noun, empty, foot, children }: LiveCardProps) {
  const { error, isRefreshing } = list
  const isEmpty = list.rows.length === 0
  useHoldWhileScrolled(list.hold)
  return (
    <>
      <WaitingPill waiting={list.waiting} onShow={() => showFromTop(list)} />
      {error && !list.hasNextFailed && (
        <div className="mb-3">
          <ErrorState message={error.message} requestId={error.requestId} onRetry={list.reload} />
        </div>
      )}
      <Card aria-busy={isRefreshing} className={cn('transition-opacity', isRefreshing && 'opacity-60 delay-150')}>
        {list.isLoading && <SkeletonRows count={12} />}
        {isEmpty && !list.isLoading && !error && empty}
        {!isEmpty && (
          <>
            {children}
            {foot ?? <Foot list={list} noun={noun} />}
          </>
        )}
      </Card>
    </>
  )
}

/** The next page comes by itself; here one sees that it does, and asks for it again when it did not. */
function Foot({ list, noun }: Pick<LiveCardProps, 'list' | 'noun'>) {
  const { error } = list
  if (error && list.hasNextFailed)
    return (
      <div className="border-t border-line p-3">
        <ErrorState message={error.message} requestId={error.requestId} onRetry={list.loadMore} />
      </div>
    )
  return (
    <LoadMore
      nextCursor={list.nextCursor}
      isLoading={list.isLoadingMore}
      onLoadMore={list.loadMore}
      shown={`${formatExact(list.rows.length)} ${noun}`}
    />
  )
}

function showFromTop(list: LiveRows<unknown>) {
  list.showWaiting()
  scrollTo({ top: 0 })
}
