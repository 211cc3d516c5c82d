import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '@/lib/doctor/finding'
import { freePort } from '@/lib/testing/free-port'
import { messagesBody } from '../conformance/usual-call'
import { call, dashboardKey, portOf, startCluster, type Cluster } from './cluster'
import { fronts, type Front, type FrontKind } from './front'

/** The recipes for reverse proxies, run by the programs themselves. */

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster?.stop())

/** The product behind a proxy, each knowing the other's address. */
async function startBehind(kind: FrontKind, spoil?: (recipe: string) => string) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const app = await cluster.start(`behind-${port}`, { env: { PUBLIC_URL: url } })
  const front = await kind.start({ ports: [portOf(app)], port, spoil })
  return {
    front,
    async stop() {
      await front.stop()
      await app.stop()
    },
    /** What the doctor says of the way through the proxy, beyond `ok`. */
    async askDoctor(): Promise<string[]> {
      const answer = await fetch(`${app.url}/api/doctor`, { headers: { 'x-dashboard-key': dashboardKey } })
      const { findings } = (await answer.json()) as { findings: Finding[] }
      return findings.filter(({ area, status }) => area === 'Public address' && status !== 'ok').map(({ id }) => id)
    },
  }
}

describe.each(fronts)('through $name', (kind) => {
  let behind: Awaited<ReturnType<typeof startBehind>>
  let front: Front

  beforeAll(async () => {
    behind = await startBehind(kind)
    front = behind.front
  })
  afterAll(() => behind?.stop())

  test('events arrive while Claude still writes', async () => {
    const running = call(front.url, 'slow?ms=20&events=300')
    const { incoming } = await running.head
    await once(incoming, 'readable')
    expect(cluster.fake.requests.at(-1)?.response.finished).toBe(false)
    expect((await running.read()).isComplete).toBe(true)
  })

  test('passes the largest body that the Claude API takes', async () => {
    const largest = 32 * 1024 * 1024
    const empty = messagesBody({ system: '' })
    const body = messagesBody({ system: 'x'.repeat(largest - empty.length) })
    expect(body.length).toBe(largest)
    expect((await call(front.url, 'text', body).read()).status).toBe(200)
    expect(cluster.fake.requests.at(-1)?.body.length).toBe(largest)
  })

  test('the doctor finds nothing', async () => {
    expect(await behind.askDoctor()).toEqual([])
  })
})

const spoiled = [
  {
    program: 'nginx',
    fault: 'public-buffering',
    spoil: (recipe: string) =>
      recipe
        .replace('proxy_buffering off;', 'proxy_ignore_headers X-Accel-Buffering;')
        .replace('proxy_http_version 1.1;', ''),
  },
  {
    program: 'nginx',
    fault: 'public-buffering',
    spoil: (recipe: string) =>
      recipe
        .replace('proxy_buffering off;', 'proxy_ignore_headers X-Accel-Buffering;')
        .replace('gzip off;', 'gzip on; gzip_proxied any; gzip_types text/event-stream; gzip_min_length 1;'),
  },
  {
    program: 'nginx',
    fault: 'public-body-limit',
    spoil: (recipe: string) => recipe.replace('client_max_body_size 33m;', ''),
  },
  {
    program: 'nginx',
    fault: 'public-redirect',
    spoil: (recipe: string) =>
      recipe.replace('location / {', 'location / { return 301 https://nexus.example.com$request_uri;'),
  },
  {
    program: 'caddy',
    fault: 'public-body-limit',
    spoil: (recipe: string) => recipe.replace('max_size 33MiB', 'max_size 10MB'),
  },
].flatMap((one) => fronts.filter(({ name }) => name === one.program).map((kind) => ({ ...one, kind })))

if (spoiled.length > 0) {
  test.each(spoiled)('the doctor finds $fault behind a wrongly set up $program', async ({ kind, spoil, fault }) => {
    const behind = await startBehind(kind, spoil)
    const found = await behind.askDoctor()
    await behind.stop()
    expect(found).toEqual([fault])
  })
}
