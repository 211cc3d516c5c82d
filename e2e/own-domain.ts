import { randomUUID } from 'node:crypto'
import { expect, type APIRequestContext } from '@playwright/test'
import { accountKey, baseUrl } from './stage'

interface OwnDomain {
  readonly domainId: string
  readonly domain: string
  readonly key: string
  readonly accountId: string
  readonly accountName: string
}

/** Makes something by the API; `request` is the owner's. */
export async function make(request: APIRequestContext, path: string, data: object): Promise<Record<string, string>> {
  const answer = await request.post(path, { data, headers: { origin: baseUrl() } })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()) as Record<string, string>
}

/** A domain that no other test looks at, with an account and a client key; `request` is the owner's. */
export async function makeDomain(request: APIRequestContext, capture: 'full' | 'metadata'): Promise<OwnDomain> {
  const domain = `${randomUUID()}.example.com`
  const { domainId = '' } = await make(request, '/api/domains', { domain, capture })
  const accountName = `Account of ${domain}`
  const account = { kind: 'api_key', name: accountName, apiKey: accountKey, domains: [{ domainId }] }
  const { accountId = '' } = await make(request, '/api/accounts', account)
  const { key = '' } = await make(request, '/api/client-keys', { domainId, name: 'test' })
  return { domainId, domain, key, accountId, accountName }
}
