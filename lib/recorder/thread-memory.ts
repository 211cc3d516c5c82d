/** What a thread keeps in memory, apart from what it shares with the whole process. */
export interface ThreadMemory {
  readonly heapBytes: number
  /** Bytes of buffers, and what they are counted with. */
  readonly externalBytes: number
}

/** Of the thread that asks. */
export function readThreadMemory(): ThreadMemory {
  const { heapUsed, external } = process.memoryUsage()
  return { heapBytes: heapUsed, externalBytes: external }
}
