import { seal, unseal } from '@/lib/blocks/seal'
import { maskText } from '@/lib/privacy/mask-secrets'
import type { LinkSecrets } from './link-secrets'

/** Titles and places are content: in the database they are sealed like every block. */
export function sealLabel({ domainId, labelKey }: LinkSecrets, label: string): string {
  return seal(labelKey, contextOf(domainId), Buffer.from(label)).toString('base64url')
}

/** As it may be shown; null when it was sealed with another ENCRYPTION_KEY. */
export function openLabel({ domainId, labelKey }: LinkSecrets, sealed: string | null): string | null {
  if (sealed === null) return null
  try {
    return maskText(unseal(labelKey, contextOf(domainId), Buffer.from(sealed, 'base64url')).toString())
  } catch {
    // A list must not fail for one title that does not open.
    return null
  }
}

function contextOf(domainId: string): string {
  return `${domainId}|label`
}
