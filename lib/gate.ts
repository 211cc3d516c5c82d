import { AppError } from './errors'

/** Lets so many in at a time; the others wait in line, and who finds the line too long is turned away. */
export class Gate {
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(
    private readonly atOnce: number,
    private readonly mayWait = Infinity,
  ) {}

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting.length >= this.mayWait) {
      throw new AppError('rate-limited', 'Too many at once. Try again in a moment.')
    }
    if (this.running >= this.atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.running += 1
    try {
      return await work()
    } finally {
      // The place goes straight to the next in line, or becomes free.
      const next = this.waiting.shift()
      if (next) next()
      else this.running -= 1
    }
  }
}
