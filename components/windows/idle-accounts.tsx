import { cleanText } from '@/components/message/clean-text'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { formatQuantity } from '@/lib/format'
import type { AccountWindowsJson } from '@/lib/usage/windows-json'

interface IdleAccountsProps {
  accounts: readonly AccountWindowsJson[]
  onOpen: (accountId: string) => void
}

/** Accounts of which there is nothing to tell: their names are enough. */
export function IdleAccounts({ accounts, onOpen }: IdleAccountsProps) {
  return (
    <Card className="min-w-0">
      <CardHeader
        title={`${formatQuantity(accounts.length, 'account')} without use`}
        hint="Nothing was asked with them in seven days, and Claude has said nothing of their limits."
      />
      <CardBody>
        <ul className="flex flex-wrap gap-2">
          {accounts.map(({ accountId, name }) => (
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
    </Card>
  )
}
