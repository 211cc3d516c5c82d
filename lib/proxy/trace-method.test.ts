import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { anAccount, listen, listenProxy, memoryWorld } from '@/lib/testing/memory-ports'

const key = { 'x-api-key': 'cnp_test_right', 'anthropic-version': '2023-06-01' }

test('TRACE is not forwarded: its answer would show the credential of the account', async () => {
  await using upstream = await listen((message, response) => void response.end(JSON.stringify(message.headers)))
  const world = memoryWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const asked = request(`${proxy.url}/v1/messages`, { method: 'TRACE', headers: key }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = Buffer.concat(await answer.toArray()).toString()
  expect([answer.statusCode, answer.headers['x-should-retry']]).toEqual([405, 'false'])
  expect(body).not.toContain('sk-ant-api03-of-the-account')
  expect(JSON.parse(body)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
})
