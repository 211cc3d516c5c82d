import { Check, CircleDashed, CircleSlash, Pause, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type Tone } from './badge'

export type Status = 'ok' | 'warn' | 'danger' | 'paused' | 'pending' | 'off'

const looks = {
  ok: { tone: 'ok', Icon: Check },
  warn: { tone: 'warn', Icon: TriangleAlert },
  danger: { tone: 'danger', Icon: X },
  paused: { tone: 'neutral', Icon: Pause },
  pending: { tone: 'accent', Icon: CircleDashed },
  off: { tone: 'neutral', Icon: CircleSlash },
} satisfies Record<Status, { tone: Tone; Icon: typeof Check }>

/** A state as icon + word + colour, so that no one of them is the only cue. */
export function StatusPill({ status, children }: { status: Status; children: ReactNode }) {
  const { tone, Icon } = looks[status]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {children}
    </Badge>
  )
}
