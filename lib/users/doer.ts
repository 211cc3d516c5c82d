import type { AuditActor, AuditEntry } from './audit'
import { clientAddress } from './client-address'

/** Who does something, and from where: for the audit log. */
export interface Doer<Who extends AuditActor = AuditActor> {
  readonly actor: Who
  readonly address?: AuditEntry['address']
}

export function doerOf<Who extends AuditActor>(actor: Who, request: Request): Doer<Who> {
  return { actor, address: clientAddress(request.headers) }
}
