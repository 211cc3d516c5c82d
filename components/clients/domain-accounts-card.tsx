'use client'

import { ArrowDown, ArrowUp, X } from 'lucide-react'
import Link from 'next/link'
import { useRef, useState } from 'react'
import { AccountStatus, type AccountRow } from '@/components/accounts/account-status'
import { sendJson } from '@/components/shell/fetcher'
import { buttonClass } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Switch } from '@/components/ui/checkbox'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toast'
import { listDomainAccounts } from '@/lib/accounts/order'

interface Changes {
  readonly isShared?: boolean
  readonly weights?: Readonly<Record<string, number>>
}

interface DomainAccountsCardProps {
  domainId: string
  initial: readonly AccountRow[]
  mayWrite: boolean
}

/** Which accounts a domain spends, and in which order. Every change counts at once. */
export function DomainAccountsCard({ domainId, initial, mayWrite }: DomainAccountsCardProps) {
  const [all, setAll] = useState(initial)
  // One after the other, and nothing is disabled meanwhile: that would take the focus from the keyboard.
  const saved = useRef(Promise.resolve())
  const chosen = listDomainAccounts(all, domainId)
  const others = all.filter((account) => !chosen.includes(account))
  const isShared = chosen.length > 1 && chosen.every((account) => positionOf(account, domainId) === 0)

  function save(accountIds: readonly string[], more: Changes = {}, onSaved?: () => void) {
    saved.current = saved.current
      .then(() => send(accountIds, more))
      .then((isSaved) => {
        if (isSaved) onSaved?.()
      })
  }

  async function send(accountIds: readonly string[], more: Changes): Promise<boolean> {
    try {
      const body = { accountIds, ...more, isShared: (more.isShared ?? isShared) && accountIds.length > 1 }
      const { accounts } = await sendJson<{ accounts: AccountRow[] }>(`/api/domains/${domainId}/accounts`, {
        method: 'PUT',
        body,
      })
      setAll((before) => [
        ...accounts,
        ...before
          .filter(({ accountId }) => !accountIds.includes(accountId))
          .map((account) => without(account, domainId)),
      ])
      return true
    } catch (error) {
      toast.failure(error)
      return false
    }
  }

  const ids = chosen.map(({ accountId }) => accountId)
  function remove({ accountId, name }: AccountRow) {
    const weights = Object.fromEntries(chosen.map((account) => [account.accountId, weightOf(account, domainId)]))
    const rest = ids.filter((id) => id !== accountId)
    save(rest, {}, () =>
      toast.undoable(`${name} no longer pays for this domain.`, () => save(ids, { isShared, weights })),
    )
  }
  return (
    <Card>
      <CardHeader
        title="Accounts"
        hint={
          isShared
            ? 'Sessions are spread over them by weight; a session stays in one.'
            : 'New sessions go to the first that is ready; a session stays in its account, where its prompt cache is.'
        }
      />
      {all.length === 0 && <NoAccounts />}
      {chosen.length > 0 && (
        <ol className="divide-y divide-line">
          {chosen.map((account, index) => (
            <AccountLine
              key={account.accountId}
              account={account}
              place={isShared ? null : index}
              weight={weightOf(account, domainId)}
              onWeight={(weight) => save(ids, { weights: { [account.accountId]: weight } })}
              places={chosen.length}
              mayWrite={mayWrite}
              onMove={(by) => save(moved(ids, index, by))}
              onRemove={() => remove(account)}
            />
          ))}
        </ol>
      )}
      {all.length > 0 && chosen.length === 0 && (
        <CardBody className="text-body text-warn">
          No account is linked: calls with keys of this domain are refused.
        </CardBody>
      )}
      {mayWrite && (others.length > 0 || chosen.length > 1) && (
        <CardBody className="flex flex-wrap items-center gap-4 border-t border-line">
          {others.length > 0 && (
            <Select
              aria-label="Add an account"
              value=""
              onChange={(event) => save([...ids, event.target.value])}
              className="sm:w-64"
            >
              <option value="">Add an account…</option>
              {others.map(({ accountId, name }) => (
                <option key={accountId} value={accountId}>
                  {name}
                </option>
              ))}
            </Select>
          )}
          {chosen.length > 1 && (
            <Switch
              label="Share the traffic"
              checked={isShared}
              onChange={(event) => save(ids, { isShared: event.target.checked })}
            />
          )}
        </CardBody>
      )}
    </Card>
  )
}

interface AccountLineProps {
  account: AccountRow
  /** null = the accounts share the traffic. */
  place: number | null
  places: number
  weight: number
  mayWrite: boolean
  onWeight: (weight: number) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

function AccountLine(props: AccountLineProps) {
  const { account, place, places, mayWrite, onMove, onRemove } = props
  const { accountId, name } = account
  return (
    <li className="flex items-center gap-3 px-4 py-2.5 text-control">
      {place !== null && <span className="w-4 shrink-0 text-right text-muted numeric">{place + 1}</span>}
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={`/accounts?account=${accountId}`}
          className="font-medium wrap-break-word text-accent hover:underline"
        >
          {name}
        </Link>
        <span className="text-table">
          <AccountStatus account={account} />
        </span>
      </span>
      {place === null && <Weight {...props} />}
      {mayWrite && (
        <span className="inline-flex shrink-0">
          {place !== null && places > 1 && (
            <>
              <IconButton label={`Move ${name} up`} aria-disabled={place === 0} onClick={() => place > 0 && onMove(-1)}>
                <ArrowUp />
              </IconButton>
              <IconButton
                label={`Move ${name} down`}
                aria-disabled={place === places - 1}
                onClick={() => place < places - 1 && onMove(1)}
              >
                <ArrowDown />
              </IconButton>
            </>
          )}
          <IconButton label={`Remove ${name} from this domain`} onClick={onRemove}>
            <X />
          </IconButton>
        </span>
      )}
    </li>
  )
}

/** Counts when the field is left, so that 12 is not first saved as 1. */
function Weight({ account, weight, mayWrite, onWeight }: AccountLineProps) {
  if (!mayWrite) return <span className="text-muted numeric">weight {weight}</span>
  return (
    <label className="flex shrink-0 items-center gap-2 text-table text-muted">
      Weight
      <Input
        key={weight}
        type="number"
        min={1}
        max={1_000}
        className="w-20"
        aria-label={`Weight of ${account.name}`}
        defaultValue={weight}
        onBlur={({ target }) => {
          const next = target.valueAsNumber
          if (target.validity.valid && Number.isInteger(next) && next !== weight) onWeight(next)
        }}
      />
    </label>
  )
}

function NoAccounts() {
  return (
    <EmptyState
      title="No account yet"
      reason="Calls of this domain need a Claude account to spend."
      action={
        <Link href="/accounts?account=new" className={buttonClass({ variant: 'primary' })}>
          Add an account
        </Link>
      }
    />
  )
}

function positionOf({ domains }: AccountRow, domainId: string): number | undefined {
  return domains.find((link) => link.domainId === domainId)?.position
}

function weightOf({ domains }: AccountRow, domainId: string): number {
  return domains.find((link) => link.domainId === domainId)?.weight ?? 1
}

function without(account: AccountRow, domainId: string): AccountRow {
  return { ...account, domains: account.domains.filter((link) => link.domainId !== domainId) }
}

/** The ids with the one at `index` moved by one place. */
function moved(ids: readonly string[], index: number, by: -1 | 1): string[] {
  const next = [...ids]
  const [id] = next.splice(index, 1)
  if (id !== undefined) next.splice(index + by, 0, id)
  return next
}
