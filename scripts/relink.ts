import { parseArgs } from 'node:util'
import { relinkDomain } from '@/lib/conversations/relink'
import { connectDatabase, databaseUrl, disconnectDatabase } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { startEmbeddedPostgres } from '@/lib/ops/embedded-postgres'
import { migrate } from '@/lib/ops/migrate'

/**
 * `npm run relink [-- --domain team-a.example.com] [--dry-run]`: applies today's rules of linking to what was
 * recorded, and says what changes and why.
 */
const { values } = parseArgs({
  options: { domain: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
})

async function main(): Promise<void> {
  const embedded = env().DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: env().NEXUS_DATA_DIR })
  connectDatabase(env().DATABASE_URL ?? embedded?.url ?? '')
  await migrate(databaseUrl())
  try {
    await relinkAll()
  } finally {
    await disconnectDatabase()
    await embedded?.stop()
  }
}

async function relinkAll(): Promise<void> {
  const domains = await prisma().domain.findMany({
    where: values.domain ? { name: values.domain } : {},
    orderBy: { name: 'asc' },
  })
  if (domains.length === 0) throw new Error(`There is no domain${values.domain ? ` ${values.domain}` : ''}.`)
  for (const domain of domains) {
    const { requests, changes } = await relinkDomain({ domainId: domain.id, isDryRun: values['dry-run'] })
    for (const { requestId, before, after } of changes)
      console.log(
        `${requestId}  ${before.conversationId} ${before.branchId} → ${after.conversationId} ${after.branchId}  (${after.linkReason})`,
      )
    const verb = values['dry-run'] ? 'would change' : 'changed'
    console.log(`${domain.name}: ${requests} requests, ${changes.length} ${verb}`)
  }
}

await main()
