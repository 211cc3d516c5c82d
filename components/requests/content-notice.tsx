import { Lock, TriangleAlert } from 'lucide-react'
import type { ContentState } from '@/lib/requests/load-content'

const reasons: Record<Exclude<ContentState, 'kept' | 'empty'>, { title: string; text: string }> = {
  expired: {
    title: 'The content has expired',
    text: 'It was older than the retention of this installation. The numbers stay.',
  },
  erased: {
    title: 'The content was deleted',
    text: 'Somebody deleted what was said here for good. The audit log says who and when. The numbers stay.',
  },
  not_captured: {
    title: 'The content was not recorded',
    text: 'This domain records numbers only, storing was switched off at that time, or the call was refused before it was read.',
  },
  dropped: {
    title: 'The content was not kept',
    text: 'There was no room for it when the request came in: the journal was full, or the body too large.',
  },
  too_large: { title: 'Too large to draw', text: 'Download the original bytes on the Raw tab.' },
  unreadable: {
    title: 'The content cannot be read',
    text: 'It was stored with another ENCRYPTION_KEY, or it was damaged. The server log says more.',
  },
  not_permitted: {
    title: 'You may not see the content',
    text: 'Viewers read numbers only, and each domain says who else may read what was said there.',
  },
}

/** Why content is not there. Nothing when it is. */
export function ContentNotice({ state }: { state: ContentState }) {
  if (state === 'kept' || state === 'empty') return null
  const { title, text } = reasons[state]
  const Icon = state === 'not_permitted' ? Lock : TriangleAlert
  return (
    <div className="flex items-start gap-3 rounded-card border border-line bg-subtle px-4 py-3">
      <Icon className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
      <div>
        <p className="font-semibold">{title}</p>
        <p className="text-secondary">{text}</p>
      </div>
    </div>
  )
}

const endings = new Map([
  ['interrupted', 'The proxy ended before the exchange did. The tail of the answer may be missing.'],
  ['client_aborted', 'The client left before the answer was complete. What had arrived by then is below.'],
  ['timeout', 'The upstream did not answer in time.'],
  ['upstream_error', 'The upstream failed or broke off.'],
  ['rejected', 'The proxy refused this call; it was not sent to the upstream.'],
])

/** A strip that says how an exchange ended when it did not end well. */
export function EndingNotice({ outcome }: { outcome: string }) {
  const text = endings.get(outcome)
  if (!text) return null
  return (
    <p className="flex items-center gap-2 rounded-card border border-warn bg-warn-fill px-3 py-2 text-warn">
      <TriangleAlert className="size-4 shrink-0" aria-hidden />
      {text}
    </p>
  )
}
