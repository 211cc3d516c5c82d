/** How many bytes of memory all who share it may hold together. */
export class ByteBudget {
  private used = 0

  constructor(private readonly limit: number) {}

  get taken(): number {
    return this.used
  }

  tryTake(bytes: number): boolean {
    if (this.used + bytes > this.limit) return false
    this.used += bytes
    return true
  }

  give(bytes: number): void {
    this.used -= bytes
  }
}
