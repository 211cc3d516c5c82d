/** One clock for every "… ago" on the page: ticks once a second while somebody listens. */
const listeners = new Set<() => void>()
let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | null = null

export function subscribeTick(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= start()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

/** While nobody listened the clock stood still. */
function start(): ReturnType<typeof setInterval> {
  nowMs = Date.now()
  return setInterval(() => {
    nowMs = Date.now()
    for (const notify of listeners) notify()
  }, 1_000)
}

export const readTick = (): number => nowMs
