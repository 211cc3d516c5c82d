import Link from 'next/link'
import { Button, buttonClass } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'

/** No account yet: the two ways to reach Claude, the recommended one first. */
export function AccountsEmpty({ onAdd }: { onAdd: (() => void) | null }) {
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Card>
        <CardBody className="flex h-full flex-col items-start gap-3">
          <h2 className="text-section font-semibold">API key of the Anthropic Console</h2>
          <p className="text-body text-secondary">
            Recommended. Create a key in the Console, add it here, and every client of your domains spends it: they get
            keys of this proxy and never see yours.
          </p>
          <div className="mt-auto pt-2">
            {onAdd ? (
              <Button variant="primary" onClick={onAdd}>
                Add an account
              </Button>
            ) : (
              <p className="text-body text-muted">An owner or admin can add one.</p>
            )}
          </div>
        </CardBody>
      </Card>
      <Card>
        <CardBody className="flex h-full flex-col items-start gap-3">
          <h2 className="text-section font-semibold">Everybody’s own login</h2>
          <p className="text-body text-secondary">
            Pass-through: Claude Code keeps its own claude.ai login, and the proxy relays it untouched and unstored. It
            needs no account here; switch it on in a domain whose name clients reach this proxy by.
          </p>
          <div className="mt-auto pt-2">
            <Link href="/domains" className={buttonClass()}>
              Choose a domain
            </Link>
          </div>
        </CardBody>
      </Card>
    </div>
  )
}
