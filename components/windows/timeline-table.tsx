import { Badge } from '@/components/ui/badge'
import { HowComputed } from '@/components/usage/how-computed'
import type { TimelineRow } from './prepare-timeline'

/** The last five-hour windows as bars with their figures; the hours of rest between them are said. */
export function TimelineTable({ rows }: { rows: readonly TimelineRow[] }) {
  return (
    <section className="min-w-0">
      <div className="flex items-center gap-1">
        <h3 className="text-control font-semibold">The last five-hour windows</h3>
        <HowComputed of="the last windows">
          <p>Where an answer of Claude named the reset of a window, that window stands.</p>
          <p>Elsewhere a window begins with the first hour that has a request and lasts five hours: our estimate.</p>
        </HowComputed>
      </div>
      {rows.length === 0 ? (
        <p className="text-body text-muted">No window in the last four weeks.</p>
      ) : (
        <table className="w-full text-table">
          <caption className="sr-only">The last five-hour windows, newest first</caption>
          <thead>
            <tr className="text-left text-muted">
              <th scope="col" className="py-1 pr-3 font-medium">
                Window
              </th>
              <th scope="col" className="w-full py-1 pr-3 font-medium">
                Cost
              </th>
              <th scope="col" className="py-1 pr-3 text-right font-medium">
                Requests
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Used
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) =>
              row.kind === 'gap' ? <Gap key={row.key} text={row.text} /> : <Row key={row.key} row={row} />,
            )}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Gap({ text }: { text: string }) {
  return (
    <tr>
      <td colSpan={4} className="border-y border-dashed border-line py-0.5 text-muted">
        {text}
      </td>
    </tr>
  )
}

function Row({ row }: { row: Extract<TimelineRow, { kind: 'window' }> }) {
  return (
    <tr className="numeric">
      <td className="py-1 pr-3 sm:whitespace-nowrap">
        {row.timeText} {row.isRunning && <Badge tone="ok">now</Badge>}
      </td>
      <td className="py-1 pr-3">
        <span className="flex items-center gap-2">
          <span className="hidden h-2.5 flex-1 sm:block" aria-hidden>
            <span
              className={`block h-2.5 rounded-[2px] bg-chart-1 ${row.isRunning ? 'opacity-50' : ''}`}
              style={{ width: `${row.length * 100}%` }}
            />
          </span>
          <span className="w-16 shrink-0 sm:text-right">{row.costText}</span>
        </span>
      </td>
      <td className="py-1 pr-3 text-right">{row.requestsText}</td>
      <td className="py-1 text-right" title={row.source}>
        {row.shareText}
      </td>
    </tr>
  )
}
