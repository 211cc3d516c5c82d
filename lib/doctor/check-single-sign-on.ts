import { request } from 'undici'
import { env, type OidcSettings } from '@/lib/env'
import { describeConnectionError, findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Environment')

const patienceMs = 8_000
const loopback = /^(localhost|127\.|\[::1\])/

/** Whether the provider of single sign-on is where OIDC_ISSUER says; nothing where none is set up. */
export async function checkSingleSignOn(): Promise<Finding[]> {
  const { oidc, publicUrl } = env()
  if (!oidc) return []
  return [await askProvider(oidc, publicUrl), ...judgeAddress(oidc)]
}

async function askProvider({ issuer }: OidcSettings, publicUrl: string): Promise<Finding> {
  const address = `${issuer}/.well-known/openid-configuration`
  const id = 'single-sign-on'
  const fix = `Set OIDC_ISSUER to the address before /.well-known/openid-configuration and restart. Try: curl ${address}`
  try {
    const said = await ask(address)
    if (said.issuer?.replace(/\/+$/, '') !== issuer)
      return fault({ id, says: `${address} is not a configuration of the issuer ${issuer}.`, fix })
    return ok(id, `Single sign-on asks ${issuer}; it leads back to ${publicUrl}/api/auth/callback/oidc.`)
  } catch (error) {
    return fault({ id, says: `${address} cannot be read: ${describeConnectionError(error)}.`, fix })
  }
}

async function ask(address: string): Promise<{ issuer?: string }> {
  const times = { headersTimeout: patienceMs, bodyTimeout: patienceMs, signal: AbortSignal.timeout(patienceMs) }
  const { statusCode, body } = await request(address, times)
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`it answers ${statusCode}`)
  return (JSON.parse(text) ?? {}) as { issuer?: string }
}

function judgeAddress({ issuer }: OidcSettings): Finding[] {
  if (!issuer.startsWith('http:') || loopback.test(new URL(issuer).host)) return []
  const says = `OIDC_ISSUER=${issuer} is not encrypted: who sits on the way decides who logs in.`
  return [warning({ id: 'single-sign-on-plain', says, fix: 'Use the https:// address of the provider and restart.' })]
}
