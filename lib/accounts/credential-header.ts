import { log } from '@/lib/log'
import type { Candidate } from './domain-accounts'
import { openSecret } from './secrets'

/** The header that carries an account's credential, or why there is none. */
export type CredentialHeader =
  { readonly header: readonly [name: 'x-api-key' | 'authorization', value: string] } | { readonly problem: string }

/** Opened once for as long as a candidate is cached: a few seconds. */
const opened = new WeakMap<Candidate, CredentialHeader>()

export async function credentialHeader(candidate: Candidate): Promise<CredentialHeader> {
  const known = opened.get(candidate)
  if (known) return known
  const credential = readCredential(candidate)
  opened.set(candidate, credential)
  return credential
}

function readCredential({ accountId, kind, uuid, sealedSecret }: Candidate): CredentialHeader {
  try {
    const secret = openSecret(Buffer.from(sealedSecret, 'base64'), { uuid, kind })
    return { header: kind === 'api_key' ? ['x-api-key', secret] : ['authorization', `Bearer ${secret}`] }
  } catch (error) {
    log().error({ error, accountId }, 'the credential of an account cannot be opened')
    return { problem: 'its credential cannot be opened' }
  }
}
