import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { newId } from '@/lib/ids'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { authenticate } from './authenticate'
import { buildClientKey, describeClientKey } from './client-key'
import { hashClientKey } from './client-key-hash'
import { saveClientKeyUses } from './client-key-use'
import { expireKnownClients } from './known-clients'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

const unreachable = 'postgresql://nobody@127.0.0.1:9/none'

async function makeDomain(name: string, more: { isPassThroughAllowed?: boolean; capture?: string } = {}) {
  return prisma().domain.create({ data: { id: newId(), name, ...more } })
}

async function makeKey(domainId: string, more: { expiresAt?: Date; revokedAt?: Date } = {}) {
  const key = buildClientKey()
  const hash = Buffer.from(hashClientKey(key))
  const row = await prisma().clientKey.create({
    data: { id: newId(), domainId, name: 'test', hash, ...describeClientKey(key), ...more },
  })
  return { key, ...row }
}

const byKey = (value: string, host = 'localhost') => authenticate({ kind: 'client_key', value }, host)

/** As if time had passed since everything was looked up. */
function goOn(ms: number) {
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + ms)
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ms)
}

describe('a client key', () => {
  let domain: Awaited<ReturnType<typeof makeDomain>>
  beforeEach(async () => {
    await hotPool().query('TRUNCATE domains CASCADE')
    domain = await makeDomain('team-a.example.com')
    expireKnownClients()
  })
  afterEach(() => void vi.restoreAllMocks())

  it('leads to its domain, whatever Host says', async () => {
    const { key, id } = await makeKey(domain.id)
    expect(await byKey(key, 'elsewhere.example.com')).toEqual({
      domainId: domain.id,
      domain: 'team-a.example.com',
      clientKeyId: id,
      mode: 'account',
      capture: 'full',
    })
  })

  it('is refused when it is unknown, revoked or expired', async () => {
    const revoked = await makeKey(domain.id, { revokedAt: new Date() })
    const expired = await makeKey(domain.id, { expiresAt: new Date(Date.now() - 1_000) })
    expect(await byKey(buildClientKey())).toBeNull()
    expect(await byKey(revoked.key)).toBeNull()
    expect(await byKey(expired.key)).toBeNull()
  })

  it('stops at the instant of its expiry although it is cached', async () => {
    const { key } = await makeKey(domain.id, { expiresAt: new Date(Date.now() + 1_000) })
    expect(await byKey(key)).not.toBeNull()
    goOn(1_001)
    expect(await byKey(key)).toBeNull()
  })

  it('stops within five seconds of a revocation in another process', async () => {
    const { key, id } = await makeKey(domain.id)
    await byKey(key)
    await prisma().clientKey.update({ where: { id }, data: { revokedAt: new Date() } })
    goOn(5_001)
    expect(await byKey(key)).toBeNull()
  })

  it('is told apart from a key that shares its first forty characters', async () => {
    const { key } = await makeKey(domain.id)
    expect(await byKey(key)).not.toBeNull()
    expect(await byKey(`${key.slice(0, 40)}${'0'.repeat(key.length - 40)}`)).toBeNull()
  })

  it.each(["' OR 1=1 --", '\u0000', '"; DROP TABLE client_keys; --', 'х'.repeat(300), 'x'.repeat(1_000_000), ''])(
    'that is no key at all is refused quietly (%#)',
    async (value) => {
      expect(await byKey(value)).toBeNull()
    },
  )

  it('that is any other text is refused too, and never an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 600 }), async (value) => (await byKey(value)) === null),
      { numRuns: 300 },
    )
  })

  it('stores no bodies where the domain or the operator says so', async () => {
    const quiet = await makeDomain('quiet.example.com', { capture: 'metadata' })
    expect(await byKey((await makeKey(quiet.id)).key)).toMatchObject({ capture: 'metadata' })
    const restore = changeEnv({ STORAGE_ENABLED: false })
    expect(await byKey((await makeKey(domain.id)).key)).toMatchObject({ capture: 'metadata' })
    restore()
  })

  it('remembers its last use, and writes it at most once a minute', async () => {
    const { key, id } = await makeKey(domain.id)
    await byKey(key)
    await saveClientKeyUses()
    const first = await prisma().clientKey.findUniqueOrThrow({ where: { id } })
    expect(first.lastUsedAt).not.toBeNull()
    await byKey(key)
    await saveClientKeyUses()
    expect((await prisma().clientKey.findUniqueOrThrow({ where: { id } })).lastUsedAt).toEqual(first.lastUsedAt)
  })
})

describe('a caller with its own Claude credential', () => {
  const own = { kind: 'claude', value: 'sk-ant-oat01-own' } as const
  beforeEach(async () => {
    await hotPool().query('TRUNCATE domains CASCADE')
    expireKnownClients()
  })

  it('passes only in the domain that Host names, and only where that is allowed', async () => {
    const open = await makeDomain('open.example.com', { isPassThroughAllowed: true })
    await makeDomain('closed.example.com')
    expect(await authenticate(own, 'open.example.com')).toMatchObject({
      domainId: open.id,
      mode: 'pass_through',
      clientKeyId: null,
    })
    expect(await authenticate(own, 'closed.example.com')).toBeNull()
    expect(await authenticate(own, 'unknown.example.com')).toBeNull()
  })

  it('is refused together with another credential', async () => {
    await makeDomain('open.example.com', { isPassThroughAllowed: true })
    expect(await authenticate({ kind: 'conflicting' }, 'open.example.com')).toBeNull()
  })
})

describe('without client authentication', () => {
  let restore = () => {}
  beforeEach(async () => {
    await hotPool().query('TRUNCATE domains CASCADE')
    expireKnownClients()
    restore = changeEnv({ ENABLE_CLIENT_AUTH: false })
  })
  afterEach(() => restore())
  const anybody = (host: string) => authenticate({ kind: 'none' }, host)

  it('the domain is the one that Host names', async () => {
    const domain = await makeDomain('by-host.example.com')
    await makeDomain('other.example.com')
    expect(await anybody('by-host.example.com')).toMatchObject({
      domainId: domain.id,
      mode: 'account',
      clientKeyId: null,
    })
  })

  it('an unknown host belongs to the only domain', async () => {
    const domain = await makeDomain('only.example.com')
    expect(await anybody('localhost')).toMatchObject({ domainId: domain.id })
  })

  it('an unknown host belongs to the domain named default when there are several', async () => {
    await makeDomain('several.example.com')
    const domain = await makeDomain('default')
    expect(await anybody('localhost')).toMatchObject({ domainId: domain.id })
  })

  it('an unknown host is turned away when no domain stands out', async () => {
    await makeDomain('one.example.com')
    await makeDomain('two.example.com')
    expect(await anybody('localhost')).toBeNull()
  })
})

describe('while the database is away', () => {
  beforeEach(async () => {
    await hotPool().query('TRUNCATE domains CASCADE')
    expireKnownClients()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await disconnectDatabase()
    connectDatabase(database.url)
  })

  async function takeAway() {
    await disconnectDatabase()
    connectDatabase(unreachable)
  }

  it('a known key works on, however long that lasts, and nobody waits', async () => {
    const domain = await makeDomain('known.example.com')
    const { key } = await makeKey(domain.id)
    await byKey(key)
    await takeAway()
    goOn(24 * 3_600_000)
    expect(await byKey(key)).toMatchObject({ domain: 'known.example.com' })
    const startedAt = process.hrtime.bigint()
    for (let time = 0; time < 100; time += 1) expect(await byKey(key)).not.toBeNull()
    expect(Number(process.hrtime.bigint() - startedAt) / 1e6).toBeLessThan(500)
  })

  it('an unknown key is not called wrong: the answer is "unavailable"', async () => {
    await takeAway()
    await expect(byKey(buildClientKey())).rejects.toMatchObject({ code: 'unavailable' })
  })
})
