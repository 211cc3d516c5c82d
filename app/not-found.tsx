import Link from 'next/link'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

export default function NotFound() {
  return (
    <main>
      <EmptyState
        title="There is no such page"
        reason="The address is wrong, what it names was removed, or your role does not include it."
        action={
          <Link href="/" className={buttonClass({ variant: 'primary' })}>
            Go to the overview
          </Link>
        }
      />
    </main>
  )
}
