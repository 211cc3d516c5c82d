import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prisma } from '../prisma'
import type { OidcSettings } from '../env'
import { newId } from '../ids'
import { changeEnv } from '../testing/change-env'
import { meetBehind } from '../testing/meet-behind'
import { createTestDatabase, type TestDatabase } from '../testing/test-database'
import type { Actor } from './access'
import { acceptInvitation, createInvitation } from './invitations'
import { logIn } from './log-in'
import { logInWithOidc } from './log-in-oidc'
import { changeMember } from './members'
import type { OidcIdentity } from './oidc-identity'
import { hashPassword } from './password-hash'
import type { Role } from './permissions'
import { requireRecentProof } from './recent-proof'
import { getSession } from './sessions'

const oidc: OidcSettings = {
  issuer: 'https://id.example.com',
  clientId: 'nexus',
  clientSecret: 'made-up-client-secret',
  name: 'Example ID',
  emailDomains: [],
  defaultRole: 'member',
  isOnlyWay: false,
}
const caller = { address: '10.0.0.1', userAgent: 'test' }
const password = 'tidal-mango-hinge-42'

let database: TestDatabase
let passwordHash: string
let restore = () => {}
beforeAll(async () => {
  database = await createTestDatabase()
  passwordHash = await hashPassword(password)
})
afterAll(() => database.drop())
beforeEach(async () => {
  restore = changeEnv({ oidc })
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('nexus.login-throttle')]
  await database.pool.query('TRUNCATE users, invitations, domains, audit_events CASCADE')
  await addUser('owner@example.com', 'owner')
})
afterEach(() => restore())

function configure(changes: Partial<OidcSettings>): void {
  restore()
  restore = changeEnv({ oidc: { ...oidc, ...changes } })
}

async function addUser(email: string, role: Role, more: { isActive?: boolean; oidcSubject?: string } = {}) {
  return prisma().user.create({ data: { id: newId(), email, name: email, role, passwordHash, ...more } })
}

const person = (given: Partial<OidcIdentity> = {}): OidcIdentity => ({
  subject: 'https://id.example.com 1',
  email: 'ada@example.com',
  name: 'Ada',
  provedAt: null,
  ...given,
})

/** Who was let in and as what, or why nobody was. */
async function attempt(given: Partial<OidcIdentity> = {}): Promise<string> {
  try {
    const session = await getSession(await logInWithOidc(person(given), caller))
    return `${session?.email} as ${session?.role}`
  } catch (error) {
    const details = (error as { details?: { oidc?: string } }).details
    if (!details?.oidc) throw error
    return details.oidc
  }
}

async function invite(email: string, role: Role, domainIds: string[] = []) {
  const owner = await prisma().user.findUniqueOrThrow({ where: { email: 'owner@example.com' } })
  const actor: Actor = { kind: 'user', userId: owner.id, sessionId: null, name: 'Owner', role: 'owner' }
  return createInvitation({ email, role, domainIds }, { actor, address: '10.0.0.1' })
}

describe('a stranger whom the provider knows', () => {
  it('is not let in', async () => {
    expect(await attempt()).toBe('unknown')
    expect(await prisma().user.count()).toBe(1)
  })

  it('becomes a user of the configured role when their e-mail domain is named', async () => {
    configure({ emailDomains: ['example.com'], defaultRole: 'viewer' })
    expect(await attempt()).toBe('ada@example.com as viewer')
    expect(await attempt({ email: 'eve@other.example', subject: 'https://id.example.com 2' })).toBe('unknown')
  })

  it('becomes nobody by an address that was not checked', async () => {
    configure({ emailDomains: ['example.com'] })
    expect(await attempt({ email: null })).toBe('unverified')
  })

  it('becomes what an invitation says, once', async () => {
    const domain = await prisma().domain.create({ data: { id: newId(), name: 'team-a.example.com' } })
    await invite('ada@example.com', 'member', [domain.id])
    expect(await attempt()).toBe('ada@example.com as member')
    expect(await prisma().domainGrant.count({ where: { domainId: domain.id } })).toBe(1)
    expect(await attempt({ subject: 'https://id.example.com 2' })).toBe('taken')
  })

  it('is one user however many first logins come at once', async () => {
    configure({ emailDomains: ['example.com'] })
    const all = await Promise.all(Array.from({ length: 8 }, () => attempt()))
    expect(new Set(all)).toEqual(new Set(['ada@example.com as member']))
    expect(await prisma().user.count({ where: { email: 'ada@example.com' } })).toBe(1)
  })
})

describe('somebody who is a user already', () => {
  it('is recognised by the checked address the first time and by the subject ever after', async () => {
    await addUser('ada@example.com', 'admin')
    expect(await attempt()).toBe('ada@example.com as admin')
    expect(await attempt({ email: 'ada@renamed.example' })).toBe('ada@example.com as admin')
    expect(await attempt({ email: null })).toBe('ada@example.com as admin')
  })

  it('is recognised while somebody changes their role, and neither of the two fails', async () => {
    const { id } = await addUser('ada@example.com', 'viewer')
    const by = {
      actor: { kind: 'dashboard_key', userId: null, sessionId: null, name: 'a test', role: 'owner' },
    } as const
    const lock = { sql: 'SELECT FROM users WHERE id = $1 FOR UPDATE', values: [id] }
    const answers = await meetBehind(database.pool, lock, [
      () => changeMember(id, { role: 'member' }, by),
      () => logInWithOidc(person(), caller),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  })

  it('is not taken over by an address that nobody has checked', async () => {
    await addUser('ada@example.com', 'admin')
    expect(await attempt({ email: null })).toBe('unverified')
    expect(await prisma().user.count({ where: { oidcSubject: { not: null } } })).toBe(0)
  })

  it('is not taken over by another person who was given the address', async () => {
    await addUser('ada@example.com', 'admin', { oidcSubject: 'https://id.example.com 1' })
    expect(await attempt({ subject: 'https://id.example.com 2' })).toBe('taken')
  })

  it('is not let in when deactivated, by subject or by address', async () => {
    configure({ emailDomains: ['example.com'] })
    await addUser('ada@example.com', 'admin', { oidcSubject: 'https://id.example.com 1', isActive: false })
    await addUser('bob@example.com', 'admin', { isActive: false })
    expect(await attempt()).toBe('deactivated')
    expect(await attempt({ subject: 'https://id.example.com 2', email: 'bob@example.com' })).toBe('deactivated')
  })

  it('leaves an entry in the audit log for the link, the login and each refusal', async () => {
    await addUser('ada@example.com', 'admin')
    await attempt()
    await attempt({ subject: 'https://id.example.com 2' })
    const events = await prisma().auditEvent.findMany({ orderBy: { sequence: 'asc' } })
    expect(events.map(({ action, detail }) => [action, JSON.parse(detail)])).toEqual([
      ['user.link-oidc', { subject: 'https://id.example.com 1' }],
      ['user.login', { by: 'oidc' }],
      ['user.login-failed', { by: 'oidc', why: 'taken' }],
    ])
  })
})

describe('a role that needs a second factor', () => {
  it('has it at the provider', async () => {
    await addUser('ada@example.com', 'admin')
    restore()
    restore = changeEnv({ oidc, secondFactorRoles: ['admin'] })
    const byProvider = await getSession(await logInWithOidc(person(), caller))
    const byPassword = await getSession(await logIn({ email: 'ada@example.com', password, code: '', ...caller }))
    expect([byProvider?.lacksSecondFactor, byPassword?.lacksSecondFactor]).toEqual([false, true])
  })
})

describe('the first owner', () => {
  it('is not made by single sign-on', async () => {
    configure({ emailDomains: ['example.com'] })
    await database.pool.query('TRUNCATE users CASCADE')
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('nexus.users-exist')]
    await expect(logInWithOidc(person(), caller)).rejects.toThrow('There is no single sign-on here.')
  })
})

describe('a proof of who one is', () => {
  const proofOf = async (provedAt: Date | null) => {
    configure({ emailDomains: ['example.com'] })
    const { userId, sessionId } = await logInWithOidc(person({ provedAt }), caller)
    return requireRecentProof({ kind: 'user', userId, sessionId, name: 'Ada', role: 'member' }).then(
      () => 'fresh',
      (error: { code: string; details?: unknown }) => [error.code, error.details],
    )
  }

  it('is as old as the password at the provider, not as the login here', async () => {
    expect(await proofOf(new Date(Date.now() - 3_600_000))).toEqual(['reauthenticate', { by: 'oidc' }])
  })

  it('is the login itself where the provider does not say', async () => expect(await proofOf(null)).toBe('fresh'))

  it('is not from the future', async () => {
    await proofOf(new Date(Date.now() + 86_400_000))
    const { rows } = await database.pool.query('SELECT proved_at <= now() AS "isPast" FROM user_sessions')
    expect(rows).toEqual([{ isPast: true }])
  })
})

describe('where single sign-on is the only way', () => {
  const byPassword = (email: string) =>
    logIn({ email, password, code: '', ...caller }).then(
      () => 'in',
      (error: Error) => error.message,
    )

  it('a password lets owners in alone, and tells others only with the right one', async () => {
    configure({ isOnlyWay: true })
    await addUser('ada@example.com', 'admin')
    expect(await byPassword('owner@example.com')).toBe('in')
    expect(await byPassword('ada@example.com')).toBe('Log in with Example ID: passwords are not used here.')
    const wrong = logIn({ email: 'ada@example.com', password: 'not-the-password', code: '', ...caller })
    await expect(wrong).rejects.toThrow('The e-mail address or the password is wrong.')
  })

  it('an invitation makes no password', async () => {
    configure({ isOnlyWay: true })
    const { url } = await invite('ada@example.com', 'admin')
    const accepted = acceptInvitation({ token: url.split('#')[1] ?? '', name: 'Ada', password }, '10.0.0.1')
    await expect(accepted).rejects.toThrow('Log in with Example ID')
    expect(await attempt()).toBe('ada@example.com as admin')
  })
})
