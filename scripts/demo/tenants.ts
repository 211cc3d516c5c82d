import { createAccount } from '@/lib/accounts/change-account'
import { createClientKey } from '@/lib/clients/client-keys'
import { createDomain, listDomains } from '@/lib/clients/domains'
import type { Doer } from '@/lib/users/doer'
import type { DemoCaller } from './calls'

/** `apps` lets programs ask, the others let developers work. */
export interface DemoTenant {
  readonly work: 'code' | 'apps'
  readonly callers: readonly DemoCaller[]
}

const plan = [
  { domain: 'platform.demo.example', work: 'code', keys: ['Ada’s laptop', 'Grace’s laptop', 'Linus’ desktop'] },
  { domain: 'research.demo.example', work: 'code', keys: ['Notebook server', 'Barbara’s laptop'] },
  { domain: 'support.demo.example', work: 'apps', keys: ['Support bot', 'Ticket triage'] },
] as const

const by: Doer = { actor: { userId: null, name: 'demo' }, address: null }

/** Whether the demo was here before. */
export async function hasTenants(): Promise<boolean> {
  const known = new Set((await listDomains()).map(({ domain }) => domain))
  return plan.some(({ domain }) => known.has(domain))
}

/** Domains, keys and accounts of the demo. */
export async function makeTenants(): Promise<DemoTenant[]> {
  const tenants: DemoTenant[] = []
  for (const { domain, work, keys } of plan) {
    const { domainId } = await createDomain(
      { domain, capture: 'full', isPassThroughAllowed: false, failover: 'off' },
      by,
    )
    const name = `${domain.split('.')[0]} account`
    const apiKey = `sk-ant-api03-demo-${'0'.repeat(40)}`
    const account = await createAccount(
      { kind: 'api_key', name, apiKey, organization: '', domains: [{ domainId }] },
      by,
    )
    const callers: DemoCaller[] = []
    for (const key of keys) {
      const { clientKey } = await createClientKey({ domainId, name: key }, by)
      callers.push({ domain, domainId, clientKeyId: clientKey.clientKeyId, accountId: account.accountId })
    }
    tenants.push({ work, callers })
  }
  return tenants
}
