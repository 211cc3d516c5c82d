import { dashboardPool } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { mayActorDo, type Role } from './permissions'

/** Who may read what was said in a domain: owners alone · its members · every member. Viewers never. */
export const bodyReaders = ['owner', 'members', 'all'] as const
export type BodyReaders = (typeof bodyReaders)[number]

/** How far somebody sees: which domains, and in which of them what was said. */
export interface Reach {
  /** Names of the domains; null = all of them. */
  readonly domains: readonly string[] | null
  sees(domain: string): boolean
  mayReadBodies(domain: string): boolean
}

interface Seer {
  readonly userId: string | null
  readonly role: Role | null
}

interface DomainPolicy {
  readonly name: string
  readonly bodyReaders: BodyReaders
  readonly isGranted: boolean
}

/** The reach of an actor or of the user of a page, as the database says right now. */
export async function loadReach({ userId, role }: Seer): Promise<Reach> {
  const { rows } = await dashboardPool().query<DomainPolicy>(
    `SELECT d.name, d.body_readers AS "bodyReaders", g.user_id IS NOT NULL AS "isGranted"
     FROM domains d LEFT JOIN domain_grants g ON g.domain_id = d.id AND g.user_id = $1`,
    [userId],
  )
  return buildReach(role, rows)
}

/** Pure: a member sees the domains granted to them and those open to every member; all others see all. */
export function buildReach(role: Role | null, policies: readonly DomainPolicy[]): Reach {
  const byName = new Map(policies.map((policy) => [policy.name, policy]))
  const isMember = role === 'member'
  const isOpenTo = (policy: DomainPolicy | undefined) => policy?.isGranted === true || policy?.bodyReaders === 'all'
  const sees = (domain: string) => !isMember || isOpenTo(byName.get(domain))
  return {
    domains: isMember ? policies.filter(isOpenTo).map(({ name }) => name) : null,
    sees,
    mayReadBodies(domain) {
      if (!mayActorDo(role, 'bodies:read') || !sees(domain)) return false
      return role === 'owner' || byName.get(domain)?.bodyReaders !== 'owner'
    },
  }
}

/** No domain is called this. */
const noDomain = '-'

/**
 * The `domain` filter of a list, no wider than the reach: names, `!name` = not that one, nothing = every domain.
 * Something must be left to filter by, because an empty filter would let everything through.
 */
export function narrowDomains(reach: Reach, given: readonly string[] = []): string[] {
  if (reach.domains === null) return [...given]
  const wanted = given.filter((name) => !name.startsWith('!'))
  const unwanted = given.filter((name) => name.startsWith('!')).map((name) => name.slice(1))
  const left = reach.domains.filter(
    (name) => (wanted.length === 0 || wanted.includes(name)) && !unwanted.includes(name),
  )
  return left.length > 0 ? left : [noDomain]
}

/** What belongs to a domain. */
interface Owned {
  readonly domain: string
  /** null = a stranger's: it named the domain as its host, and belongs to none. */
  readonly domainId?: string | null
}

/** Of strangers hears who sees every domain. */
export function isSeen(reach: Reach, { domain, domainId }: Owned): boolean {
  return reach.domains === null || (domainId !== null && reach.sees(domain))
}

/** Beyond one's reach is the same as not there. */
export function requireSeen<Thing extends Owned>(reach: Reach, thing: Thing | null, what: string): Thing {
  if (!thing || !isSeen(reach, thing)) throw new AppError('not-found', `There is no such ${what}.`)
  return thing
}

/** What is kept for owners is opened, and closed, by owners alone. */
export function requireMayChooseReaders(role: Role | null, before: BodyReaders, after: BodyReaders): void {
  const isOfOwners = before !== after && (before === 'owner' || after === 'owner')
  if (isOfOwners && role !== 'owner')
    throw new AppError('forbidden', 'Only an owner decides what is kept for owners alone.')
}

export function requireReadable(reach: Reach, domain: string): void {
  if (!reach.mayReadBodies(domain))
    throw new AppError('forbidden', `What was said in ${domain} is not yours to read. An owner decides who may.`)
}
