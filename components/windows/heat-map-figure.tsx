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
const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** When in the week an account is used: a row a day, a field an hour. The figures are in the fields for who hears them. */
export function HeatMapFigure({ map: { rows, summary }, timeZone }: { map: HeatMap; timeZone: string }) {
  return (
    <section className="min-w-0">
      <h3 className="text-control font-semibold">When in the week</h3>
      <p className="mb-2 text-body text-muted">
        {summary} Times of {timeZone}.
      </p>
      <table className="w-full table-fixed border-separate border-spacing-px">
        <caption className="sr-only">Cost by weekday and hour, over four weeks</caption>
        <thead>
          <tr className="text-left text-meta text-muted">
            <td className="w-9" />
            {hours.map((hour) => (
              <th key={hour} scope="col" className="relative overflow-visible font-normal whitespace-nowrap">
                <span className={cn(hour % 6 !== 0 && 'sr-only')}>{hourText(hour)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ day, cells }) => (
            <tr key={day}>
              <th scope="row" className="text-left text-meta font-normal text-muted">
                <abbr title={day} className="no-underline">
                  {day.slice(0, 3)}
                </abbr>
              </th>
              {cells.map(({ level, text, costText }) => (
                <td key={text} title={text} className={cn('relative h-5 overflow-hidden rounded-[2px]', colors[level])}>
                  <span className="sr-only">{costText}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
