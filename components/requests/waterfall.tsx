export interface WaterfallRow {
  readonly key: string
  readonly name: string
  /** What the name alone does not tell. */
  readonly detail: string
  readonly value: string
  /** 0 to 1 of the whole. */
  readonly from: number
  readonly length: number
  readonly color: string
}

interface WaterfallProps {
  label: string
  rows: readonly WaterfallRow[]
}

/** Parts of a whole, each beginning where it begins; the values stand beside the bars. */
export function Waterfall({ label, rows }: WaterfallProps) {
  const percent = (share: number) => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5 text-table">
      {rows.map(({ key, name, detail, value, from, length, color }) => (
        <li
          key={key}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_5rem]"
        >
          <span className="min-w-0 truncate" title={detail ? `${name}, ${detail}` : name}>
            {name} {detail && <span className="text-muted">{detail}</span>}
          </span>
          <span className="relative h-3 rounded-[2px] bg-subtle max-sm:order-last max-sm:col-span-2" aria-hidden>
            <span
              className="absolute h-3 min-w-0.5 rounded-[2px]"
              style={{ left: percent(Math.min(from, 0.995)), width: percent(length), background: color }}
            />
          </span>
          <span className="text-right whitespace-nowrap numeric">{value}</span>
        </li>
      ))}
    </ul>
  )
}
