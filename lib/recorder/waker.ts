interface Waker {
  /** Ends the sleep that is going on. */
  wake(): void
  /** With `isIdle`, the sleep alone keeps no process alive. */
  sleep(ms: number, isIdle?: boolean): Promise<void>
}

export function makeWaker(): Waker {
  let end: (() => void) | null = null
  return {
    wake: () => end?.(),
    sleep: (ms, isIdle = false) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => end?.(), ms)
        if (isIdle) timer.unref()
        end = () => {
          clearTimeout(timer)
          end = null
          resolve()
        }
      }),
  }
}
