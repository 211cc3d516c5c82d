import { formatExact, formatTime } from '@/lib/format'
import { usdOfMicroUsd } from '@/lib/money'
import { rebuildLedger, type RebuiltDay } from '@/lib/usage/rebuild-ledger'
import { withInstallation } from './open-installation'

/** `npm run rebuild-ledger`: computes the ledger of usage again from the recorded requests, and says what differed. */
async function main(): Promise<void> {
  let different = 0
  await rebuildLedger((day) => {
    if (isEqual(day)) return
    different += 1
    console.log(describe(day))
  })
  console.log(different === 0 ? 'The ledger was right.' : `${different} days were wrong; they are right now.`)
}

function isEqual(day: RebuiltDay): boolean {
  return day.requestsBefore === day.requestsAfter && day.costBeforeMicroUsd === day.costAfterMicroUsd
}

function describe({ from, requestsBefore, requestsAfter, costBeforeMicroUsd, costAfterMicroUsd }: RebuiltDay): string {
  const requests = `${formatExact(requestsBefore)} → ${formatExact(requestsAfter)} requests`
  return `${formatTime(from, 'UTC', 'day')}: ${requests}, $${dollars(costBeforeMicroUsd)} → $${dollars(costAfterMicroUsd)}`
}

const dollars = (microUsd: bigint) => usdOfMicroUsd(Number(microUsd))

await withInstallation(main)
