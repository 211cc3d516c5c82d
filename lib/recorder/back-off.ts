const firstPauseMs = 50
const longestPauseMs = 5_000

/** How long to wait after so many failures: doubles, and is random, so that many processes do not come back at once. */
export function pauseMs(failures: number): number {
  return firstPauseMs / 2 + Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** failures)
}
