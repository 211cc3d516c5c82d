'use client'

import { ArrowUp, Pause, Play } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { LiveDot } from '@/components/ui/live-dot'
import { formatExact } from '@/lib/format'
import type { Connection } from './use-live-events'

interface LiveControlProps {
  connection: Connection
  isPaused: boolean
  onPause: (isPaused: boolean) => void
}

const looks = {
  open: { state: 'ok', label: 'Live' },
  connecting: { state: 'off', label: 'Connecting' },
  lost: { state: 'warn', label: 'Connection lost, trying again' },
  off: { state: 'off', label: 'Paused' },
} as const

/** Whether new requests arrive by themselves, and a way to stop and go on. */
export function LiveControl({ connection, isPaused, onPause }: LiveControlProps) {
  const { state, label } = looks[connection]
  return (
    <span className="flex items-center gap-2">
      <LiveDot state={state} label={label} />
      <Button size="small" variant="ghost" onClick={() => onPause(!isPaused)}>
        {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
        {isPaused ? 'Go on' : 'Pause'}
      </Button>
    </span>
  )
}

/** New requests that wait until the reader is ready. */
export function WaitingPill({ waiting, onShow }: { waiting: number; onShow: () => void }) {
  return (
    <div className="pointer-events-none sticky top-24 z-20 flex h-0 justify-center" role="status">
      {waiting > 0 && (
        <Button
          variant="primary"
          size="small"
          className="pointer-events-auto mt-1 rounded-full shadow-overlay"
          onClick={onShow}
        >
          <ArrowUp aria-hidden />
          {formatExact(waiting)} new
        </Button>
      )}
    </div>
  )
}
