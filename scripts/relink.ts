import { parseArgs } from 'node:util'
import { relinkDomain, type RelinkProgress, type RequestChange } from '@/lib/conversations/relink'
import type { ExplainedLink } from '@/lib/conversations/known-request'
import { formatExact } from '@/lib/format'
import { prisma } from '@/lib/prisma'
import { withInstallation } from './open-installation'

/**
 * `npm run relink [-- --domain team-a.example.com] [--dry-run]`: applies today's rules of kinds and links to what was
 * recorded, and says what changes and why.
 */
const { values } = parseArgs({
  options: { domain: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
})

const verb = values['dry-run'] ? 'would change' : 'changed'
const progressEveryMs = 5_000

async function relinkAll(): Promise<void> {
  const domains = await prisma().domain.findMany({
    where: values.domain ? { name: values.domain } : {},
    orderBy: { name: 'asc' },
  })
  if (domains.length === 0) throw new Error(`There is no domain${values.domain ? ` ${values.domain}` : ''}.`)
  for (const { id, name } of domains) {
    const done = await relinkDomain(
      { domainId: id, isDryRun: values['dry-run'] },
      { onChange: (change) => console.log(describeChange(change)), onProgress: makeProgressLine(name) },
    )
    console.log(describeResult(name, done))
  }
}

function describeResult(name: string, { requests, changed, unread }: RelinkProgress): string {
  const seen = `${name}: ${formatExact(requests)} requests, ${formatExact(changed)} ${verb}`
  return unread === 0 ? seen : `${seen}; ${formatExact(unread)} without content keep their kind`
}

function describeChange({ requestId, kind, link }: RequestChange): string {
  const parts = [
    ...(kind ? [`kind ${kind.before} → ${kind.after} (${kind.reason})`] : []),
    ...(link
      ? [`${placeOf(link.before)} → ${placeOf(link.after)}${link.after ? ` (${link.after.linkReason})` : ''}`]
      : []),
  ]
  return `${requestId}  ${parts.join('; ')}`
}

function placeOf(link: ExplainedLink | null): string {
  if (!link) return 'no conversation'
  const { conversationId, branchId, parentRequestId, attemptOf } = link
  const after = attemptOf ? ` again ${attemptOf}` : parentRequestId ? ` after ${parentRequestId}` : ''
  return `${conversationId} ${branchId}${after}`
}

/** A line to the error output now and then: where it takes longer, one wants to know how much longer. */
function makeProgressLine(name: string): (progress: RelinkProgress) => void {
  const beganMs = performance.now()
  let saidMs = beganMs
  return ({ requests, total, changed }) => {
    const nowMs = performance.now()
    if (nowMs - saidMs < progressEveryMs || requests === total) return
    saidMs = nowMs
    const leftSeconds = Math.ceil((((nowMs - beganMs) / requests) * (total - requests)) / 1_000)
    console.error(
      `${name}: ${formatExact(requests)} of ${formatExact(total)} requests, ${formatExact(changed)} ${verb}, about ${formatExact(leftSeconds)} s left`,
    )
  }
}

await withInstallation(relinkAll)
