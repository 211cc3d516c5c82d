import { Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { Popover } from '@/components/ui/popover'

/** Where a figure comes from, for those who want to check it. */
export function HowComputed({ of, children }: { of: string; children: ReactNode }) {
  return (
    <Popover
      label={`How ${of} is computed`}
      trigger={
        <IconButton label={`How ${of} is computed`}>
          <Info aria-hidden />
        </IconButton>
      }
    >
      <div className="flex max-w-72 flex-col gap-1">{children}</div>
    </Popover>
  )
}
