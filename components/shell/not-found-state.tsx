import Link from 'next/link'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

/** Nothing at this address, or nothing that this user may see: which of the two is not told. */
export function NotFoundState() {
  return (
    <EmptyState
      heading="h1"
      title="There is no such page"
      reason="The address is wrong, what it names was removed, or your role does not include it."
      action={
        <Link href="/overview" className={buttonClass({ variant: 'primary' })}>
          Go to the overview
        </Link>
      }
    />
  )
}
