import { chargeOf, type Charge } from '@/e2e/faults/charges'
import type { FakeClaude, FakeExchange } from '@/lib/testing/fake-claude'

/** What the upstream charged, call by call; lets go of the bytes, which hours would pile up. */
export class UpstreamLedger {
  readonly charges = new Map<string, Charge>()
  private open: FakeExchange[] = []

  constructor(private readonly fake: FakeClaude) {}

  /** Books the calls that have ended. */
  settle(): void {
    this.open.push(...this.fake.requests)
    this.fake.reset()
    this.open = this.open.filter((exchange) => !this.book(exchange))
  }

  private book(exchange: FakeExchange): boolean {
    const charge = chargeOf(exchange)
    if (charge) this.charges.set(charge.id, charge)
    return exchange.response.finished || exchange.aborted
  }
}
