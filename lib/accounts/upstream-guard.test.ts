import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { request } from 'undici'
import { changeEnv } from '@/lib/testing/change-env'
import { checkBaseUrl, guardedAgentFor } from './upstream-guard'

let restore = () => {}
afterEach(() => restore())

function allow(networks: string) {
  const back = changeEnv({ ALLOW_PRIVATE_UPSTREAMS: networks })
  const forget = () =>
    void delete (globalThis as Record<symbol, unknown>)[Symbol.for('nexus.accounts.allowed-networks')]
  forget()
  restore = () => {
    back()
    forget()
  }
}

/** Every spelling of this machine, its network and a cloud's metadata that a form may get. */
const inside = [
  'https://127.0.0.1',
  'https://127.1',
  'https://2130706433',
  'https://0x7f000001',
  'https://0177.0.0.1',
  'https://0',
  'https://0.0.0.0',
  'https://localhost',
  'https://LOCALHOST',
  'https://localhost.',
  'https://[::1]',
  'https://[::]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://[0:0:0:0:0:0:0:1]',
  'https://169.254.169.254',
  'https://[::ffff:169.254.169.254]',
  'https://2852039166',
  'https://0xa9fea9fe',
  'https://[fd00:ec2::254]',
  'https://10.0.0.1',
  'https://192.168.1.1',
  'https://172.16.0.1',
  'https://100.64.0.1',
  'https://[fe80::1]',
  'https://[fc00::1]',
  'https://[64:ff9b::7f00:1]',
  'https://[2002:7f00:1::]',
  'https://①②⑦.0.0.1',
  'https://127.0.0.1:8443/v1',
  'https://%31%32%37.0.0.1',
]

describe('a base URL', () => {
  it.each(inside)('may not be %s', async (url) => {
    allow('')
    await expect(checkBaseUrl(url)).rejects.toMatchObject({
      code: 'invalid-request',
      details: { fields: [{ field: 'baseUrl' }] },
    })
  })

  it('may be a public address over https, not over http', async () => {
    allow('')
    await checkBaseUrl('https://1.1.1.1')
    await expect(checkBaseUrl('http://1.1.1.1')).rejects.toMatchObject({
      publicMessage: expect.stringContaining('Begin with https://'),
    })
  })

  it('may be private, even over http, where the operator names the network', async () => {
    allow('loopback')
    await checkBaseUrl('http://127.0.0.1:9999')
    await checkBaseUrl('http://localhost:9999')
    await expect(checkBaseUrl('http://10.0.0.1:9999')).rejects.toMatchObject({ code: 'invalid-request' })
  })
})

describe('a connection to a base URL', () => {
  it('is refused when the name has come to mean a private address since it was saved', async () => {
    allow('')
    const server = http.createServer((_incoming, response) => response.end('inside')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`
    const ask = () => request(url, { dispatcher: guardedAgentFor(url) ?? undefined })
    await expect(ask()).rejects.toMatchObject({ code: 'EUPSTREAMREFUSED' })
    allow('loopback')
    expect(await (await ask()).body.text()).toBe('inside')
    server.closeAllConnections()
    server.close()
  })

  it("needs no guard where it is the operator's own", () => {
    expect(guardedAgentFor('https://api.anthropic.com/v1/models')).toBeNull()
  })
})
