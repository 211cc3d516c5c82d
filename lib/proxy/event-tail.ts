/** Two ends of line after each other; CR LF is one. */
const blankLine = /(?:\n|\r(?!\n))(?:\r\n|\n|\r)$/
const longestBlankLine = 4

/** Follows the bytes of server-sent events, and knows whether they stop between two events or in one. */
export class EventTail {
  private last = ''

  add(chunk: Uint8Array): void {
    const end = String.fromCharCode(...chunk.subarray(-longestBlankLine))
    this.last = (this.last + end).slice(-longestBlankLine)
  }

  get isBetweenEvents(): boolean {
    return this.last === '' || blankLine.test(this.last)
  }
}
