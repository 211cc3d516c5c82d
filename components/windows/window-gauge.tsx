import { HowComputed } from '@/components/usage/how-computed'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { thresholds, type Tone, type WindowFigure } from './prepare-window'

const fills: Record<Tone, string> = { ok: 'bg-ok', warn: 'bg-warn', danger: 'bg-danger' }
const words = { warn: 'nearly used up', danger: 'used up soon' } as const

/** How far a window is used up, who says so and since when, and where it leads. */
export function WindowGauge({ figure, timeZone }: { figure: WindowFigure; timeZone: string }) {
  const { name, share, shareText, tone, source, asOf, isStale, resetText, forecast, howComputed } = figure
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="text-control font-semibold">{name}</h3>
        <span className="text-section font-semibold numeric">{shareText}</span>
        {tone !== 'ok' && (
          <StatusPill status={tone}>{share !== null && share >= 1 ? 'used up' : words[tone]}</StatusPill>
        )}
        <span className="ml-auto flex items-center gap-2 text-table text-muted">
          {source && <Badge tone={source === 'Claude' ? 'accent' : 'neutral'}>{source}</Badge>}
          {asOf && (
            <span>
              {isStale ? 'last known, ' : ''}
              <RelativeTime at={asOf} timeZone={timeZone} />
            </span>
          )}
          <HowComputed of={`the forecast of ${name.toLowerCase()}`}>
            <p>{howComputed}</p>
          </HowComputed>
        </span>
      </div>
      <Bar share={share} tone={tone} isStale={isStale} />
      <p className="text-body text-secondary">{resetText}</p>
      {forecast && <p className="text-body text-secondary">{forecast}</p>}
    </div>
  )
}

/** The figures stand beside it in words. */
function Bar({ share, tone, isStale }: Pick<WindowFigure, 'share' | 'tone' | 'isStale'>) {
  return (
    <div className="relative h-3 overflow-hidden rounded-control bg-subtle" aria-hidden>
      {share !== null && (
        <div
          className={`h-3 ${fills[tone]} ${isStale ? 'opacity-50' : ''}`}
          style={{ width: `${Math.min(1, share) * 100}%` }}
        />
      )}
      {thresholds.map((threshold) => (
        <span key={threshold} className="absolute top-0 h-3 w-px bg-control" style={{ left: `${threshold * 100}%` }} />
      ))}
    </div>
  )
}
