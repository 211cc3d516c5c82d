import { cn } from '@/components/ui/cn'
import { hourText, type HeatMap } from './prepare-heat-map'

/** Written out: class names that are put together are not found by the style sheet. */
const colors = [
  'bg-subtle',
  'bg-heat-1',
  'bg-heat-2',
  'bg-heat-3',
  'bg-heat-4',
  'bg-heat-5',
  'bg-heat-6',
  'bg-heat-7',
] as const
const namedHours = [0, 6, 12, 18]

/** When in the week an account is used: a row a day, a field an hour. */
export function HeatMapFigure({ map: { rows, summary }, timeZone }: { map: HeatMap; timeZone: string }) {
  return (
    <figure className="min-w-0">
      <figcaption>
        <h3 className="text-control font-semibold">When in the week</h3>
        <p className="mb-2 text-body text-muted">
          {summary} Times of {timeZone}.
        </p>
      </figcaption>
      <div className="grid grid-cols-[2.5rem_repeat(24,minmax(0,1fr))] gap-px" aria-hidden>
        {rows.map(({ day, cells }) => (
          <div key={day} className="contents">
            <span className="text-meta text-muted">{day.slice(0, 3)}</span>
            {cells.map(({ level, text }) => (
              <span key={text} title={text} className={cn('h-5 rounded-[2px]', colors[level])} />
            ))}
          </div>
        ))}
        <span />
        {namedHours.map((hour) => (
          <span key={hour} className="col-span-6 text-meta text-muted">
            {hourText(hour)}
          </span>
        ))}
      </div>
    </figure>
  )
}
