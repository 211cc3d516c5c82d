import { parseArgs } from 'node:util'
import { dashboardPool } from '@/lib/db'
import { formatExact } from '@/lib/format'
import { usdOfMicroUsd } from '@/lib/money'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { addRerated, noRerate, rateBatch, type RerateSums } from '@/lib/usage/rerate'
import { newRerateSchema, startRerate, type NewRerate } from '@/lib/usage/rerates'
import { withInstallation } from './open-installation'

/**
 * `npm run rerate -- --from 2026-11-01 [--to 2026-11-22] [--model claude-opus-5-5] [--dry-run]`: prices recorded
 * requests again at the prices that hold now for their day, and says what changed.
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    model: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
})
const given = newRerateSchema.safeParse({ from: values.from, to: values.to, model: values.model })
if (!given.success) {
  console.error('Use: npm run rerate -- --from 2026-11-01 [--to 2026-11-22] [--model claude-opus-5-5] [--dry-run]')
  for (const { path, message } of given.error.issues) console.error(`--${path.join('.')}: ${message}`)
  process.exit(64)
}

const commandLine = { actor: { userId: null, name: 'npm run rerate' }, address: null }

async function rerate(question: NewRerate): Promise<RerateSums> {
  if (values['dry-run']) return rehearse(question)
  const { finished } = await startRerate(question, commandLine)
  return finished
}

async function rehearse(question: NewRerate): Promise<RerateSums> {
  const book = await currentPriceBook()
  let sums = noRerate
  let cursor: string | null = null
  do {
    const batch = await rateBatch(dashboardPool(), { ...question, book }, { cursor, lock: false })
    sums = addRerated(sums, batch.rerated)
    cursor = batch.cursor
  } while (cursor !== null)
  return sums
}

function describe(sums: RerateSums): string {
  const verb = values['dry-run'] ? 'would change' : 'changed'
  const [before, after] = [sums.costBeforeMicroUsd, sums.costAfterMicroUsd].map((cost) => usdOfMicroUsd(Number(cost)))
  return [
    `${formatExact(sums.changedRequests)} of ${formatExact(sums.requests)} requests ${verb}: $${before} → $${after}`,
    `without a price: ${formatExact(sums.unpricedBefore)} → ${formatExact(sums.unpricedAfter)}`,
  ].join('\n')
}

console.log(describe(await withInstallation(() => rerate(given.data))))
