import type { Actor } from './access'
import { clientAddress } from './client-address'

/** Who does something, and from where: for the audit log. */
export interface Doer {
  readonly actor: Actor
  readonly address: string
}

export function doerOf(actor: Actor, request: Request): Doer {
  return { actor, address: clientAddress(request.headers) }
}
