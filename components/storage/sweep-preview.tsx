import type { SWRResponse } from 'swr'
import { failureText } from '@/components/ui/failure-text'
import { RelativeTime } from '@/components/ui/relative-time'
import { formatBytes, formatExact, formatQuantity } from '@/lib/format'
import type { Swept } from '@/lib/retention/sweep'

interface SweepPreviewProps {
  preview: SWRResponse<unknown, Error>
}

/** What tonight's sweep will free. */
export function SweepPreview({ preview: { data, error } }: SweepPreviewProps) {
  if (error) return <p>What the next sweep will free cannot be said: {failureText(error)}</p>
  if (!data) return <p>Counting what the next sweep will free …</p>
  const next = data as Swept & { at: string }
  return (
    <p>
      Next sweep <RelativeTime at={next.at} />: <SweepResult swept={next} verb="frees" />
    </p>
  )
}

/** The words for a sweep, done or to come. */
export function SweepResult({ swept, verb }: { swept: Swept; verb: string }) {
  const { rows, bodies, blocks, freedBytes } = swept
  if (rows + bodies + blocks === 0) return <>nothing {verb === 'frees' ? 'is due' : 'was due'}.</>
  return (
    <>
      {verb} <strong className="font-semibold text-ink">{formatBytes(freedBytes)}</strong>:
      {formatQuantity(rows, 'request')}, the content of {formatExact(bodies)}, {formatQuantity(blocks, 'block')}.
    </>
  )
}
