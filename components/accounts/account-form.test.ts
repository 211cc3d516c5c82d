import { describe, expect, it } from 'vitest'
import { readAccountForm } from './account-form'
import type { AccountRow } from './account-status'
import { strandedDomains } from './stranded-domains'

function account(accountId: string, domains: string[], more: Partial<AccountRow> = {}): AccountRow {
  return {
    accountId,
    name: accountId,
    kind: 'api_key',
    last4: 'wxyz',
    baseUrl: null,
    organization: '',
    source: 'dashboard',
    status: 'ok',
    backAt: null,
    coolingCause: null,
    restingFor: [],
    lastError: null,
    lastErrorAt: null,
    domains: domains.map((domain) => ({ domainId: domain, domain, position: 0, weight: 1 })),
    createdAt: '2026-11-22T12:00:00Z',
    rotatedAt: null,
    previous: null,
    lastUsedAt: null,
    requestCount24h: 0,
    allowedModels: [],
    login: null,
    windows: [],
    ...more,
  }
}

function form(fields: Record<string, string | string[]>): FormData {
  const data = new FormData()
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) data.append(name, value)
  return data
}

const filled = { name: ' Console ', apiKey: ' sk-ant-api03-x ', domains: ['d1', 'd2'], baseUrl: '', organization: '' }

describe('the form of an account', () => {
  it('sends a new account with its kind and its key, trimmed', () => {
    expect(readAccountForm(form(filled), null)).toEqual({
      kind: 'api_key',
      name: 'Console',
      apiKey: 'sk-ant-api03-x',
      domains: [{ domainId: 'd1' }, { domainId: 'd2' }],
      baseUrl: null,
      organization: '',
      allowedModels: [],
    })
  })

  it('reads models that are separated by commas, spaces or both', () => {
    const sent = readAccountForm(form({ ...filled, allowedModels: ' claude-haiku-*,claude-opus-5-5  x ' }), null)
    expect(sent.allowedModels).toEqual(['claude-haiku-*', 'claude-opus-5-5', 'x'])
  })

  it('leaves the key out when an edit does not touch it', () => {
    const sent = readAccountForm(form({ ...filled, apiKey: '' }), account('acc_a', []))
    expect(sent).not.toHaveProperty('apiKey')
    expect(sent).not.toHaveProperty('kind')
  })

  it('says how long the key before is kept with a new key alone', () => {
    const typed = { ...filled, keepPreviousMinutes: '60' }
    expect(readAccountForm(form(typed), account('acc_a', []))).toMatchObject({ keepPreviousMinutes: 60 })
    expect(readAccountForm(form({ ...typed, apiKey: '' }), account('acc_a', []))).not.toHaveProperty(
      'keepPreviousMinutes',
    )
    expect(readAccountForm(form(typed), null)).not.toHaveProperty('keepPreviousMinutes')
  })

  it('sends a stored login as one', () => {
    const sent = readAccountForm(form({ name: 'Mine', kind: 'oauth', oauth: 'sk-ant-oat01-x' }), null)
    expect(sent).toMatchObject({ kind: 'oauth', oauth: { accessToken: 'sk-ant-oat01-x' } })
  })
})

describe('the domains that a deletion strands', () => {
  it('are those that no other account in use serves', () => {
    const leaving = account('acc_a', ['d1', 'd2', 'd3'])
    const others = [account('acc_b', ['d1']), account('acc_c', ['d2'], { status: 'paused' })]
    expect(strandedDomains(leaving, [leaving, ...others])).toEqual(['d2', 'd3'])
  })
})
