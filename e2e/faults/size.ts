/** `npm run test:faults` plays every case in its full form; `npm test` in one that takes seconds. */
export const isFull = process.env.NEXUS_FAULTS === 'full'

export const sized = <T>(fast: T, full: T): T => (isFull ? full : fast)
