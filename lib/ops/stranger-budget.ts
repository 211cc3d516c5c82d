const perSecond = 10

/**
 * How many calls with no valid key are recorded a second. They show an operator a misconfigured client;
 * unbounded, they would let anybody on the network fill the database.
 */
export function makeStrangerBudget(now: () => number = Date.now) {
  let second = 0
  let used = 0
  return {
    admits(): boolean {
      const current = Math.floor(now() / 1000)
      if (current !== second) {
        second = current
        used = 0
      }
      used += 1
      return used <= perSecond
    },
  }
}
