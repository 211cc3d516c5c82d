'use client'

import { Button } from './button'

interface LoadMoreProps {
  /** null = this was the last page. */
  nextCursor: string | null
  isLoading: boolean
  onLoadMore: (cursor: string) => void
  /** How many are shown, and of what: "150 requests". */
  shown: string
}

/** The foot of a list that is read page by page. */
export function LoadMore({ nextCursor, isLoading, onLoadMore, shown }: LoadMoreProps) {
  return (
    <div className="flex items-center justify-center gap-3 border-t border-line px-4 py-3 text-body text-muted">
      <span role="status">
        {shown}
        {nextCursor === null && ' · that is all'}
      </span>
      {nextCursor !== null && (
        <Button isBusy={isLoading} onClick={() => onLoadMore(nextCursor)}>
          Load more
        </Button>
      )}
    </div>
  )
}
