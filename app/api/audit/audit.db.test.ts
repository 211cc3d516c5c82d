import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prisma } from '@/lib/prisma'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { recordAudit } from '@/lib/users/audit'
import type { ListedAuditEvent } from '@/lib/users/list-audit'
import { GET as check } from './check/route'
import { GET as exportLog } from './export/route'
import { GET } from './route'

let database: TestDatabase
let admin: string
beforeAll(async () => {
  database = await createTestDatabase()
  admin = await signIn('admin')
  for (let number = 1; number <= 5; number += 1)
    await recordAudit(prisma(), {
      actor: { userId: null, name: number % 2 ? '=HYPERLINK("evil")' : 'Ada' },
      action: number % 2 ? 'account.create' : 'user.login',
      targetType: number % 2 ? 'account' : 'user',
      targetId: `target-${number}`,
      address: '10.0.0.1',
      detail: { number },
    })
})
afterAll(() => database.drop())

interface Page {
  readonly events: ListedAuditEvent[]
  readonly pagination: { nextCursor: string | null }
}
const list = (query: string, as = admin) => callRoute<Page>(GET, { as, path: `/api/audit?${query}` })
const targets = async (query: string) => (await list(query)).body.events.map(({ targetId }) => targetId)

async function download(query: string, as = admin): Promise<Response> {
  const request = new Request(`http://localhost:3000/api/audit/export?${query}`, { headers: { cookie: as } })
  return exportLog(request, { params: Promise.resolve({}) })
}

describe('/api/audit', () => {
  it('lists the newest first, page by page', async () => {
    const first = await list('limit=2')
    expect(first.body.events.map(({ targetId }) => targetId)).toEqual(['target-5', 'target-4'])
    expect(await targets(`limit=3&cursor=${first.body.pagination.nextCursor}`)).toEqual([
      'target-3',
      'target-2',
      'target-1',
    ])
  })

  it('goes through more entries than one digit counts without leaving one out', async () => {
    for (let number = 6; number <= 12; number += 1)
      await recordAudit(prisma(), {
        actor: { userId: null, name: 'Grace' },
        action: 'domain.create',
        targetType: 'domain',
        targetId: `target-${number}`,
      })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await list(`limit=4${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.events.map(({ targetId }) => targetId))
      cursor = body.pagination.nextCursor
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_none, index) => `target-${12 - index}`))
  })

  it.each([
    ['action=user.login', ['target-4', 'target-2']],
    ['action=account.', ['target-5', 'target-3', 'target-1']],
    ['actor=ada', ['target-4', 'target-2']],
    ['actor=%25', []],
    ['targetType=account&targetId=target-3', ['target-3']],
    ['to=2020-01-01', []],
  ])('filters by %s', async (query, expected) => expect(await targets(query)).toEqual(expected))

  it.each(['cursor=x', 'limit=0', 'limit=1000', 'from=soon'])('refuses %s', async (query) =>
    expect((await list(query)).status).toBe(400),
  )

  it('is for owners and admins alone', async () => {
    for (const role of ['member', 'viewer'] as const)
      expect((await list('', await signIn(role))).status, role).toBe(403)
  })

  it('says whether the chain is whole', async () =>
    expect((await callRoute(check, { as: admin })).body).toMatchObject({ entries: 12, brokenAt: null }))
})

describe('the export', () => {
  it('is a CSV in which no cell is a formula', async () => {
    const response = await download('action=account.&format=csv')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-[\d-]+\.csv"$/)
    const [header, ...rows] = (await response.text()).trimEnd().split('\r\n')
    expect(header).toBe('sequence,at,actor,action,targetType,targetId,address,detail')
    expect(rows).toHaveLength(3)
    expect(rows[0]).toContain(`"'=HYPERLINK(""evil"")"`)
  })

  it('is JSON by the line', async () => {
    const lines = (await (await download('action=user.login&format=jsonl')).text()).trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { detail: object }).detail)).toEqual([{ number: 4 }, { number: 2 }])
  })

  it('is written down itself', async () => {
    await (await download('format=jsonl&actor=ada')).text()
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: 'audit.export' },
      orderBy: { sequence: 'desc' },
      omit: { sequence: true },
    })
    expect(JSON.parse(event.detail)).toEqual({ actor: 'ada' })
  })

  it('asks a login that is not fresh to prove itself', async () => {
    const stale = await signIn('admin')
    await database.pool.query("UPDATE user_sessions SET proved_at = now() - interval '11 minutes'")
    expect((await download('', stale)).status).toBe(403)
  })
})
