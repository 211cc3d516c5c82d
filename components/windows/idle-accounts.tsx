import { cleanText } from '@/components/message/clean-text'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { FindBar } from '@/components/ui/find-bar'
import { ListFoot } from '@/components/ui/list-foot'
import { useGrowingList } from '@/components/ui/use-growing-list'
import { formatQuantity } from '@/lib/format'
import type { AccountWindowsJson } from '@/lib/usage/windows-json'

interface IdleAccountsProps {
  accounts: readonly AccountWindowsJson[]
  onOpen: (accountId: string) => void
}

const lot = 50

const textOf = ({ accountId, name }: AccountWindowsJson): string => `${name} ${accountId}`

/** Accounts of which there is nothing to tell: their names are enough. */
export function IdleAccounts({ accounts, onOpen }: IdleAccountsProps) {
  const { box, isLong, wanted, find, found, shown, show } = useGrowingList({ rows: accounts, textOf, lot })
  return (
    <Card ref={box} className="min-w-0">
      <CardHeader
        title={`${formatQuantity(accounts.length, 'account')} without use`}
        hint="Nothing was asked with them in seven days, and Claude has said nothing of their limits."
      />
      {isLong && <FindBar noun="account" {...{ wanted }} onFind={find} found={found.length} all={accounts.length} />}
      <CardBody>
        <ul className="flex flex-wrap gap-2">
          {shown.map(({ accountId, name }) => (
            <li key={accountId} className="max-w-full">
              <Button size="small" className="max-w-full" onClick={() => onOpen(accountId)}>
                <span className="truncate" title={cleanText(name)}>
                  {cleanText(name) || accountId}
                </span>
              </Button>
            </li>
          ))}
        </ul>
      </CardBody>
      {found.length > shown.length && (
        <ListFoot shown={shown.length} all={found.length} noun="account" lot={lot} onShow={show} />
      )}
    </Card>
  )
}
