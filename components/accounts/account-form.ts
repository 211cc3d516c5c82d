import { readModels } from '@/components/clients/read-models'
import type { AccountRow } from './account-status'

/**
 * What the form sends. An untouched secret is left out, so that it stays; links keep their place in the domain's
 * order because none is sent.
 */
export function readAccountForm(form: FormData, account: AccountRow | null): Record<string, unknown> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const kind = account?.kind ?? (text('kind') || 'api_key')
  const secret = text(kind === 'oauth' ? 'oauth' : 'apiKey')
  const named = { name: text('name'), organization: text('organization'), allowedModels: readModels(form) }
  const domains = form.getAll('domains').map((domainId) => ({ domainId: String(domainId) }))
  const baseUrl = form.has('baseUrl') ? { baseUrl: text('baseUrl') || null } : {}
  const credential = kind === 'oauth' ? { oauth: { accessToken: secret } } : { apiKey: secret }
  if (!account) return { ...named, domains, ...baseUrl, ...credential, kind }
  const overlap = kind === 'api_key' ? { keepPreviousMinutes: Number(text('keepPreviousMinutes')) } : {}
  return { ...named, domains, ...baseUrl, ...(secret !== '' && { ...credential, ...overlap }) }
}
