import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { POST as testChannel } from '@/app/api/alerts/channels/[channelId]/test/route'
import { DELETE as removeChannel } from '@/app/api/alerts/channels/[channelId]/route'
import { GET as getChannels, POST as addChannel } from '@/app/api/alerts/channels/route'
import { GET as getDeliveries } from '@/app/api/alerts/deliveries/route'
import { GET as getPreview } from '@/app/api/alerts/preview/route'
import { PATCH as changeRule } from '@/app/api/alerts/rules/[ruleId]/route'
import { GET as getRules, POST as addRule } from '@/app/api/alerts/rules/route'
import { hotPool } from '@/lib/db'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { changeEnv } from '@/lib/testing/change-env'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import type { ListedChannel } from './channels'
import type { Attempt, Delivery } from './deliver'
import { AlertWatch } from './keep-alerts'
import type { WatchedProcess } from './measure'
import type { AlertRule } from './rules'
import type { Preview } from './samples'

const gigabyte = 1024 ** 3

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let database: TestDatabase
let owner: string
let receiver: Server
let address: string
let received: Received[]
/** What the receiver answers, one after the other; then 200. */
let statuses: number[]
let lagMs: number
/** Beside the process that looks. */
let others: WatchedProcess[]
let restoreEnv: () => void

beforeAll(async () => {
  restoreEnv = changeEnv({ ALLOW_PRIVATE_UPSTREAMS: 'loopback' })
  database = await createTestDatabase()
  owner = await signIn('owner')
  receiver = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (piece: Buffer) => (body += piece.toString()))
    incoming.on('end', () => {
      received.push({ headers: incoming.headers, body })
      response.writeHead(statuses.shift() ?? 200).end('thank you')
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?team=a`
})
beforeEach(async () => {
  received = []
  statuses = []
  lagMs = 0
  others = []
  await hotPool().query('TRUNCATE alert_rules, alert_channels, alert_samples, alert_deliveries, leases, api_requests')
})
afterAll(async () => {
  restoreEnv()
  receiver.close()
  receiver.closeAllConnections()
  await database.drop()
})

const write = { as: '', method: 'POST' }

async function newChannel(changes: Record<string, unknown> = {}) {
  const body = { name: 'On call', kind: 'webhook', url: address, ...changes }
  return callRoute<{ channelId: string; secret: string }>(addChannel, { ...write, as: owner, body })
}

async function newRule(changes: Record<string, unknown> = {}): Promise<AlertRule> {
  const body = { name: 'Recorder behind', metric: 'recorder_lag', threshold: 60, ...changes }
  return (await callRoute<AlertRule>(addRule, { ...write, as: owner, body })).body
}

const self: WatchedProcess = {
  ...{ host: 'alpha', role: 'all', condition: 'running' },
  figures: { pending: 0, lagMs: 0, diskFreeBytes: 9 * gigabyte, quarantined: 0, droppedBodies: 0 },
}
const listProcesses = async () => [{ ...self, figures: { ...self.figures, lagMs } }, ...others]
const makeWatch = () => new AlertWatch({ listProcesses }, { pausesMs: [1, 1] })
/** Something happens while it measures. */
const makeInterruptedWatch = (happens: () => Promise<unknown>) =>
  new AlertWatch({ listProcesses: async () => (await happens(), listProcesses()) }, { pausesMs: [1, 1] })

/** Looks once, whoever looked just before. */
async function look(watch: AlertWatch, at = new Date()): Promise<void> {
  await hotPool().query('DELETE FROM leases')
  await watch.look(at)
}

const told = () => received.map(({ body }) => (JSON.parse(body) as { event: string }).event)
const listedRule = async () => (await callRoute<{ rules: AlertRule[] }>(getRules, { as: owner })).body.rules[0]
const deliveries = async () =>
  (await callRoute<{ deliveries: Delivery[] }>(getDeliveries, { as: owner })).body.deliveries

describe('a rule', () => {
  it('tells when its figure is reached, once, and when it is over', async () => {
    const { body } = await newChannel()
    await newRule({ channelIds: [body.channelId] })
    const watch = makeWatch()
    for (const lag of [0, 90_000, 120_000, 0, 0]) {
      lagMs = lag
      await look(watch)
    }
    expect(told()).toEqual(['firing', 'resolved'])
    expect(await listedRule()).toMatchObject({ firingSince: null, lastValue: 0 })
  })

  it('tells again while it goes on, as often as it says', async () => {
    const { body } = await newChannel()
    await newRule({ channelIds: [body.channelId], repeatMinutes: 60 })
    const watch = makeWatch()
    lagMs = 90_000
    const start = Date.now()
    for (const minutes of [0, 30, 61, 90]) await look(watch, new Date(start + minutes * 60_000))
    expect(told()).toEqual(['firing', 'still_firing'])
  })

  it('is told of by one process of several', async () => {
    const { body } = await newChannel()
    await newRule({ channelIds: [body.channelId] })
    lagMs = 90_000
    const now = new Date()
    await Promise.all([makeWatch().look(now), makeWatch().look(now), makeWatch().look(now)])
    expect(told()).toEqual(['firing'])
  })

  it('is told of once, though another process looks while the first still measures', async () => {
    const { body } = await newChannel()
    await newRule({ channelIds: [body.channelId] })
    lagMs = 61_000
    await look(makeInterruptedWatch(() => look(makeWatch())))
    expect(told()).toEqual(['firing'])
  })

  it('that is switched off while its figure is measured is not firing', async () => {
    const { body } = await newChannel()
    const { ruleId } = await newRule({ channelIds: [body.channelId] })
    lagMs = 61_000
    const call = { as: owner, method: 'PATCH', params: { ruleId }, body: { isEnabled: false } }
    await look(makeInterruptedWatch(() => callRoute(changeRule, call)))
    expect(told()).toEqual([])
    expect(await listedRule()).toMatchObject({ isEnabled: false, firingSince: null })
  })

  it('counts the failed requests of the last quarter of an hour', async () => {
    await newRule({ metric: 'error_rate', threshold: 25 })
    const at = new Date()
    await insertRequests(
      Array.from({ length: 12 }, (_, index) => aRequest(at, { status: index < 3 ? 500 : 200 })).concat(
        aRequest(new Date(at.getTime() - 3_600_000), { status: 500 }),
      ),
    )
    await look(makeWatch(), at)
    expect(await listedRule()).toMatchObject({ lastValue: 25, lastSubject: '3 of 12 requests' })
    expect((await listedRule())?.firingSince).not.toBeNull()
  })

  it('about the recorder looks at every process', async () => {
    await newRule()
    others = [{ ...self, host: 'beta', role: 'proxy', figures: { ...self.figures, pending: 7, lagMs: 75_000 } }]
    await look(makeWatch())
    expect(await listedRule()).toMatchObject({ lastValue: 75, lastSubject: 'beta, role proxy, 7 requests waiting' })
  })

  it('about the recorder fires for what a process left that is gone', async () => {
    await newRule()
    others = [{ ...self, host: 'beta', role: 'proxy', condition: 'gone', figures: { ...self.figures, lagMs: 90_000 } }]
    await look(makeWatch())
    expect((await listedRule())?.firingSince).not.toBeNull()
    expect((await listedRule())?.lastSubject).toContain('beta, role proxy, is gone and left its journal')
  })

  it('about the disk looks at the fullest of all processes', async () => {
    await newRule({ metric: 'disk_free', threshold: 5 })
    others = [{ ...self, host: 'beta', figures: { ...self.figures, diskFreeBytes: 2 * gigabyte } }]
    await look(makeWatch())
    expect(await listedRule()).toMatchObject({ lastValue: 2, lastSubject: 'beta' })
  })

  it('about damage counts what any process set aside, could not keep, or does not get back', async () => {
    await newRule({ metric: 'record_damage', threshold: 1 })
    await look(makeWatch())
    expect(await listedRule()).toMatchObject({ lastValue: 0, firingSince: null })
    others = [{ ...self, host: 'beta', figures: { ...self.figures, quarantined: 2, damagedBodies: 1 } }]
    await look(makeWatch())
    expect(await listedRule()).toMatchObject({ lastValue: 3, lastSubject: '2 set aside, 1 not as they passed' })
    expect((await listedRule())?.firingSince).not.toBeNull()
  })

  it('about windows looks at accounts that are there, not at one that was removed', async () => {
    const { body } = await newChannel()
    await newRule({ metric: 'window_used', threshold: 90, channelIds: [body.channelId] })
    await hotPool().query(
      `INSERT INTO accounts (id, account_id, name, kind, sealed_secret, last4, deleted_at)
       SELECT gen_random_uuid(), account_id, account_id, 'api_key', '', '0000', deleted_at
       FROM (VALUES ('acc_here', NULL::timestamptz), ('acc_removed', now())) given(account_id, deleted_at)`,
    )
    await hotPool().query(
      `INSERT INTO account_limits (account_id, window_name, utilization, resets_at, as_of)
       SELECT account_id, '7d', utilization, now() + interval '1 day', now()
       FROM (VALUES ('acc_here', 0.91), ('acc_removed', 1.0)) given(account_id, utilization)`,
    )
    await look(makeWatch())
    expect(await listedRule()).toMatchObject({ lastValue: 91, lastSubject: 'acc_here, 7d window' })
  })

  it('that is switched off is not looked at', async () => {
    const { ruleId } = await newRule()
    await callRoute(changeRule, { as: owner, method: 'PATCH', params: { ruleId }, body: { isEnabled: false } })
    lagMs = 90_000
    await look(makeWatch())
    expect(await listedRule()).toMatchObject({ isEnabled: false, firingSince: null })
  })

  it('keeps what a change leaves out', async () => {
    const { body: channel } = await newChannel()
    const { ruleId } = await newRule({ repeatMinutes: 30, channelIds: [channel.channelId], isEnabled: false })
    await callRoute(changeRule, { as: owner, method: 'PATCH', params: { ruleId }, body: { name: 'Another' } })
    const kept = { repeatMinutes: 30, channelIds: [channel.channelId], isEnabled: false }
    expect(await listedRule()).toMatchObject({ name: 'Another', ...kept })
  })

  it('goes on without its database', async () => {
    const { body } = await newChannel()
    await newRule({ channelIds: [body.channelId] })
    const watch = makeWatch()
    await look(watch)
    await hotPool().query('ALTER TABLE alert_rules RENAME TO alert_rules_away')
    lagMs = 90_000
    await watch.look(new Date()).finally(() => hotPool().query('ALTER TABLE alert_rules_away RENAME TO alert_rules'))
    expect(told()).toEqual(['firing'])
  })
})

describe('a channel', () => {
  it('gets a body signed with the secret that was told once', async () => {
    const { body: channel } = await newChannel()
    await callRoute(testChannel, { ...write, as: owner, params: { channelId: channel.channelId } })
    const [{ headers, body } = { headers: {}, body: '' }] = received
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-nexus-signature'])) ?? []
    expect(signature).toBe(createHmac('sha256', channel.secret).update(`${seconds}.${body}`).digest('hex'))
    expect(JSON.parse(body)).toMatchObject({ type: 'nexus.alert', event: 'test', unit: '%' })
  })

  it('of Slack gets a text, and no signature', async () => {
    const { body: channel } = await newChannel({ kind: 'slack' })
    await callRoute(testChannel, { ...write, as: owner, params: { channelId: channel.channelId } })
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      text: expect.stringMatching(/^Test: .*\/alerts\|Open>$/) as string,
    })
    expect(received[0]?.headers['x-nexus-signature']).toBeUndefined()
  })

  it('never shows its address or its secret again', async () => {
    const { body: channel } = await newChannel()
    const { text } = await callRoute(getChannels, { as: owner })
    expect(text).not.toContain('team=a')
    expect(text).not.toContain(channel.secret)
    const { rows } = await hotPool().query<{ row: string }>('SELECT row_to_json(c)::text AS row FROM alert_channels c')
    expect(rows[0]?.row).not.toContain(Buffer.from('team=a').toString('hex'))
  })

  it('is tried three times when it does not answer well, and each is kept', async () => {
    const { body: channel } = await newChannel()
    await newRule({ channelIds: [channel.channelId] })
    statuses = [500, 503]
    lagMs = 90_000
    await look(makeWatch())
    expect((await deliveries()).map(({ attempt, status, error }) => [attempt, status, error])).toEqual([
      [3, 200, null],
      [2, 503, 'status 503'],
      [1, 500, 'status 500'],
    ])
  })

  it('that refuses is not asked again, and turns red', async () => {
    const { body: channel } = await newChannel()
    statuses = [404]
    const { body } = await callRoute<Attempt>(testChannel, { ...write, as: owner, params: channel })
    expect(body).toMatchObject({ attempt: 1, status: 404, error: 'status 404', answer: 'thank you' })
    const { body: list } = await callRoute<{ channels: ListedChannel[] }>(getChannels, { as: owner })
    expect(list.channels[0]).toMatchObject({ lastError: 'status 404', lastDeliveredAt: null })
  })

  it.each([
    ['a private network', 'http://10.0.0.8/hook'],
    ['the address of cloud metadata', 'http://169.254.169.254/latest/meta-data'],
    ['a private network in other numbers', 'http://0x0a000008/hook'],
    ['plain HTTP to the public', 'http://93.184.216.34/hook'],
    ['a name and password', 'https://user:secret@93.184.216.34/hook'],
    ['another protocol', 'file:///etc/passwd'],
  ])('cannot be %s', async (_name, url) => {
    const { status, body } = await newChannel({ url })
    expect(status).toBe(400)
    expect(body).toMatchObject({ details: { fields: [{ field: 'url' }] } })
  })

  it('that cannot be opened does not silence the others', async () => {
    const { body: broken } = await newChannel({ name: 'Of another key' })
    const { body: channel } = await newChannel()
    await hotPool().query(`UPDATE alert_channels SET sealed_url = '\\x01' WHERE id = $1`, [broken.channelId])
    await newRule({ channelIds: [broken.channelId, channel.channelId] })
    lagMs = 90_000
    await look(makeWatch())
    expect(told()).toEqual(['firing'])
    const { status } = await callRoute(testChannel, { ...write, as: owner, params: { channelId: broken.channelId } })
    expect(status).toBe(409)
  })

  it('that is removed leaves its rules without it', async () => {
    const { body: channel } = await newChannel()
    await newRule({ channelIds: [channel.channelId] })
    await callRoute(removeChannel, { as: owner, method: 'DELETE', params: { channelId: channel.channelId } })
    expect((await listedRule())?.channelIds).toEqual([])
  })
})

describe('a preview', () => {
  const minute = (index: number) => new Date(Date.now() - 3_600_000 + index * 300_000)

  it('says when a rule would have fired in the last seven days', async () => {
    for (const [index, value] of [10, 70, 95, 20, 80].entries())
      await hotPool().query(
        `INSERT INTO alert_samples (metric, at, value, subject) VALUES ('recorder_lag', $1, $2, NULL)`,
        [minute(index), value],
      )
    const path = '/api/alerts/preview?metric=recorder_lag&threshold=60'
    const { body } = await callRoute<Preview>(getPreview, { as: owner, path })
    expect(body.episodes.map(({ worst, to }) => [worst, to === null])).toEqual([
      [95, false],
      [80, true],
    ])
    expect([body.course.length, Math.max(...body.course.map(Number))]).toEqual([168, 95])
  })

  it('is made of what the watch has seen', async () => {
    lagMs = 61_000
    await look(makeWatch())
    const path = '/api/alerts/preview?metric=recorder_lag&threshold=60'
    const { body } = await callRoute<Preview>(getPreview, { as: owner, path })
    expect(body).toMatchObject({ latest: 61, episodes: [{ worst: 61, to: null }] })
  })
})

describe('the alerts of an installation', () => {
  it('are changed by owners and admins alone', async () => {
    const viewer = await signIn('viewer')
    const body = { name: 'x', metric: 'recorder_lag', threshold: 1 }
    expect((await callRoute(addRule, { ...write, as: viewer, body })).status).toBe(403)
    expect((await callRoute(getRules, { as: viewer })).status).toBe(403)
    expect((await callRoute(getRules, { as: null })).status).toBe(401)
  })
})
