'use client'

import Link from 'next/link'
import { useOrigin } from '@/components/shell/use-origin'
import { Button, buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { FilterValues } from './filter-fields'

interface NoRequestsProps {
  values: FilterValues
  search: string
  clear: () => void
  /** The search has not been through the whole range yet. */
  onSearchOn: (() => void) | null
  isSearching: boolean
}

const requestId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Nothing matches: why, and what to do about it. */
export function NoRequests({ values, search, clear, onSearchOn, isSearching }: NoRequestsProps) {
  const origin = useOrigin()
  const hasFilter = search !== '' || Object.values(values).some(Boolean)
  if (requestId.test(search)) {
    return (
      <EmptyState
        title="Not in this time range"
        reason="What you search for looks like the id of a request. It can be opened wherever it lies in time."
        action={
          <Link href={`/requests/${search.toLowerCase()}`} className={buttonClass({ variant: 'primary' })}>
            Open this request
          </Link>
        }
      />
    )
  }
  if (onSearchOn) {
    return (
      <EmptyState
        title="Nothing found so far"
        reason="The newest requests of this range do not contain the text. Older ones have not been looked at yet."
        action={
          <Button variant="primary" isBusy={isSearching} onClick={onSearchOn}>
            Search on
          </Button>
        }
      />
    )
  }
  if (hasFilter) {
    return (
      <EmptyState
        title="No request matches"
        reason="No request of this time range matches all of the filters."
        action={
          <Button variant="primary" onClick={clear}>
            Clear the filters
          </Button>
        }
      />
    )
  }
  return (
    <EmptyState
      title="No requests in this time range"
      reason="Requests appear here a moment after they ended. Choose a longer range, or point a client at the proxy."
      snippet={{
        label: 'Claude Code',
        code: `export ANTHROPIC_BASE_URL=${origin}\nexport ANTHROPIC_AUTH_TOKEN=cnp_live_…`,
      }}
      action={
        <Link href="/domains" className={buttonClass({ variant: 'primary' })}>
          Get a client key
        </Link>
      }
    />
  )
}
