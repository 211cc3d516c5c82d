'use client'

import { ChevronDown, ChevronUp, ExternalLink, X } from 'lucide-react'
import Link from 'next/link'
import { buttonClass } from '@/components/ui/button'
import { Sheet } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'
import { SidePanel } from '@/components/ui/side-panel'
import type { Neighbours } from '@/lib/requests/list-requests'
import { RequestContentView } from './request-content-view'
import { useIsRoomy } from '@/components/ui/use-media'
import { pageKeysHold } from './use-page-keys'

interface PeekPanelProps {
  requestId: string
  neighbours: Neighbours
  timeZone: string
  href: string
  /** null closes it. */
  onPeek: (requestId: string | null) => void
}

/** One request beside the list, or over it where there is no room. */
export function PeekPanel({ requestId, neighbours, timeZone, href, onPeek }: PeekPanelProps) {
  const isRoomy = useIsRoomy()
  const content = (
    <div {...pageKeysHold}>
      <div className="mb-3 flex items-center gap-1">
        {isRoomy && <h2 className="mr-auto text-section font-semibold">Request</h2>}
        <StepButton label="Newer request (k)" Icon={ChevronUp} to={neighbours.newerId} onPeek={onPeek} />
        <StepButton label="Older request (j)" Icon={ChevronDown} to={neighbours.olderId} onPeek={onPeek} />
        <Link href={href} className={buttonClass({ size: 'small', className: isRoomy ? undefined : 'ml-auto' })}>
          <ExternalLink aria-hidden />
          Open
        </Link>
        {isRoomy && (
          <IconButton label="Close" onClick={() => onPeek(null)}>
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      <RequestContentView key={requestId} requestId={requestId} timeZone={timeZone} />
    </div>
  )
  return isRoomy ? (
    <SidePanel label="Request" widthKey="nexus.peek-width">
      {content}
    </SidePanel>
  ) : (
    <Sheet isOpen onOpenChange={(isOpen) => !isOpen && onPeek(null)} title="Request" className="sm:w-[min(880px,92vw)]">
      {content}
    </Sheet>
  )
}

interface StepButtonProps {
  label: string
  Icon: typeof ChevronUp
  to: string | null
  onPeek: (requestId: string) => void
}

function StepButton({ label, Icon, to, onPeek }: StepButtonProps) {
  return (
    <IconButton label={label} disabled={to === null} onClick={() => to !== null && onPeek(to)}>
      <Icon aria-hidden />
    </IconButton>
  )
}
