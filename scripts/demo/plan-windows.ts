import type { HeaderList } from '@/lib/proxy/ports'
import type { DemoCall } from './calls'

const hourMs = 3_600_000

/** Windows of a plan: how long they last, and how many bytes of prompts fill one. */
const windows = [
  { name: '5h', lengthMs: 5 * hourMs, room: 900_000 },
  { name: '7d', lengthMs: 7 * 24 * hourMs, room: 16_000_000 },
] as const

/** What the upstream says of an account's windows with every answer. Calls come in the order of time. */
export class PlanWindows {
  private readonly used = new Map<string, number>()

  headersOf({ caller, atMs, body }: DemoCall): HeaderList {
    return windows.flatMap(({ name, lengthMs, room }) => {
      const resetsAtMs = Math.ceil(atMs / lengthMs) * lengthMs
      const key = `${caller.accountId} ${name} ${resetsAtMs}`
      const used = (this.used.get(key) ?? 0) + body.length
      this.used.set(key, used)
      const prefix = `anthropic-ratelimit-unified-${name}`
      return [
        [`${prefix}-status`, used < room ? 'allowed' : 'rejected'],
        [`${prefix}-utilization`, Math.min(1, used / room).toFixed(4)],
        [`${prefix}-reset`, String(resetsAtMs / 1_000)],
      ] as const
    })
  }
}
