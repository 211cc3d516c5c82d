/** One five-hour window of an account, in the past or running. Times in milliseconds. */
export interface PastWindow {
  readonly fromMs: number
  readonly toMs: number
  /** `upstream`: an answer named its reset. `estimate`: it began with the first request after the one before. */
  readonly source: 'upstream' | 'estimate'
  /** The highest share the upstream told of; null = it told of none. */
  readonly utilization: number | null
}

/** A window the upstream told of. */
export interface ObservedWindow {
  readonly resetsAtMs: number
  readonly utilization: number
}

const hourMs = 3_600_000
const windowMs = 5 * hourMs

/**
 * The last windows, oldest first. Those the upstream named stand; between them a window begins with the hour of the
 * first request and lasts five hours, or until the next one that is known.
 */
export function buildPastWindows(
  { activeHours, observed }: { activeHours: readonly number[]; observed: readonly ObservedWindow[] },
  count: number,
): PastWindow[] {
  const known = observed
    .map(({ resetsAtMs, utilization }): PastWindow => {
      return { fromMs: resetsAtMs - windowMs, toMs: resetsAtMs, source: 'upstream', utilization }
    })
    .sort((a, b) => a.fromMs - b.fromMs)
    .filter((window, index, all) => index === 0 || window.fromMs >= (all[index - 1]?.toMs ?? 0))
  const guessed: PastWindow[] = []
  for (const hour of activeHours) {
    const last = guessed.at(-1)
    const isCovered = [...known, ...(last ? [last] : [])].some(
      ({ fromMs, toMs }) => hour < toMs && hour + hourMs > fromMs,
    )
    if (isCovered) continue
    const next = known.find(({ fromMs }) => fromMs > hour)
    const toMs = Math.min(hour + windowMs, next?.fromMs ?? Number.POSITIVE_INFINITY)
    guessed.push({ fromMs: hour, toMs, source: 'estimate', utilization: null })
  }
  return [...known, ...guessed].sort((a, b) => a.fromMs - b.fromMs).slice(-count)
}
