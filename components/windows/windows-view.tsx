'use client'

import { parseAsString, useQueryStates } from 'nuqs'
import { useState } from 'react'
import useSWR from 'swr'
import { TimeZoneSelect } from '@/components/charts/time-zone-select'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { ListFoot } from '@/components/ui/list-foot'
import { PageHeader } from '@/components/ui/page-header'
import { RelativeTime } from '@/components/ui/relative-time'
import { readTimeZone } from '@/lib/time-range'
import type { AccountWindowsJson } from '@/lib/usage/windows-json'
import { AccountWindows } from './account-windows'
import { IdleAccounts } from './idle-accounts'
import { drawFirst, orderByRisk } from './order-by-risk'
import { WindowDetail } from './window-detail'

interface WindowsJson {
  readonly asOf: string
  readonly accounts: readonly AccountWindowsJson[]
}

interface WindowsViewProps {
  initial: WindowsJson
  mayWrite: boolean
}

const refreshMs = 15_000

/** Those in the least danger come at a press. */
const lot = 20

/** Who hits the five-hour and the weekly wall, and when? */
export function WindowsView({ initial, mayWrite }: WindowsViewProps) {
  const [{ account: open, tz }, change] = useQueryStates(
    { account: parseAsString, tz: parseAsString.withDefault('UTC') },
    { history: 'push' },
  )
  const { data, error, mutate } = useSWR<WindowsJson, ApiError>('/api/token-usage/accounts', fetchJson, {
    fallbackData: initial,
    revalidateOnMount: false,
    refreshInterval: refreshMs,
  })
  const { asOf, accounts } = data ?? initial
  const [unfolded, setUnfolded] = useState<string | null>(null)
  const { shown, folded } = orderByRisk(accounts, [open, unfolded])
  const [most, setMost] = useState(lot)
  const drawn = drawFirst(shown, most, [open, unfolded])
  function unfold(account: string) {
    setUnfolded(account)
    void change({ account })
  }
  function show(next: number) {
    // The first of those that come takes the focus: the button may be gone.
    setUnfolded(shown.find((account) => !drawn.includes(account))?.accountId ?? null)
    setMost(next)
  }
  const clock = { nowMs: Date.parse(asOf), timeZone: readTimeZone(tz) }
  return (
    <>
      <PageHeader
        title="Windows"
        description="How far are the limits of each account used up, and by whom?"
        actions={<TimeZoneSelect tz={tz} onChange={(zone) => void change({ tz: zone === 'UTC' ? null : zone })} />}
      />
      {error && (
        <ErrorState
          message={`${error.message} What you see is older.`}
          requestId={error.requestId}
          onRetry={() => void mutate()}
        />
      )}
      {accounts.length === 0 && <NoAccount />}
      <div className="flex flex-col gap-4">
        {drawn.map((account) => {
          const { accountId } = account
          const isOpen = open === accountId
          return (
            <AccountWindows
              key={accountId}
              {...{ account, clock, isOpen }}
              takesFocus={unfolded === accountId}
              onToggle={() => void change({ account: isOpen ? null : accountId })}
            >
              <WindowDetail {...{ accountId, clock, mayWrite }} />
            </AccountWindows>
          )
        })}
        {shown.length > lot && (
          <ListFoot shown={drawn.length} all={shown.length} noun="account" lot={lot} onShow={show} />
        )}
        {folded.length > 0 && <IdleAccounts accounts={folded} onOpen={unfold} />}
      </div>
      <p className="mt-2 text-table text-muted">
        Updated <RelativeTime at={asOf} timeZone={clock.timeZone} />, in {clock.timeZone}
      </p>
    </>
  )
}

function NoAccount() {
  return (
    <EmptyState
      title="There is no account yet"
      reason="An account’s windows appear here as soon as it exists."
      action={
        <a className={buttonClass({ variant: 'primary', size: 'medium' })} href="/accounts">
          Add an account
        </a>
      }
    />
  )
}
