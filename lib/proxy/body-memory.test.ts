import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { anAccount, listen, listenProxy, memoryWorld } from '@/lib/testing/memory-ports'
import { waitUntil } from '@/lib/testing/wait-until'

/** A world that counts what its exchanges hold. */
function countingWorld(options: Parameters<typeof memoryWorld>[0], limit = Infinity) {
  const held = { now: 0, most: 0 }
  const openBodyShare = () => {
    let own = 0
    return {
      fill: async () => true,
      reserve: async (bytes: number) => {
        if (held.now + bytes > limit) return false
        own += bytes
        held.now += bytes
        held.most = Math.max(held.most, held.now)
        return true
      },
      release: () => {
        held.now -= own
        own = 0
      },
    }
  }
  return { world: memoryWorld({ ...options, ports: { openBodyShare, ...options.ports } }), held }
}

const key = { 'x-api-key': 'cnp_test_right', 'anthropic-version': '2023-06-01' }
const body = 'x'.repeat(1000)
const post = (url: string) => fetch(`${url}/v1/messages`, { method: 'POST', body, headers: key })

test('the memory of a body is given back when the answer begins, however long that goes on', async () => {
  await using upstream = await listen((_message, response) => void response.write('the beginning'))
  const { world, held } = countingWorld({ accounts: [anAccount(upstream.url)] })
  await using proxy = await listenProxy(world)
  const response = await post(proxy.url)
  expect(held).toEqual({ now: 0, most: 1000 })
  await response.body?.cancel()
})

test('the memory of a body is held until the journal has the body, too', async () => {
  await using upstream = await listen((_message, response) => void response.end('{}'))
  let write = () => {}
  const begun = new Promise<void>((resolve) => (write = resolve))
  const record = () => ({ begun, chunk: () => undefined, end: () => undefined })
  const { world, held } = countingWorld({ accounts: [anAccount(upstream.url)], ports: { record } })
  let isAnswered = false
  world.ports.reportAttempt = () => void (isAnswered = true)
  await using proxy = await listenProxy(world)
  const response = post(proxy.url)
  await waitUntil(() => isAnswered, { what: 'the answer of the upstream' })
  expect(held.now).toBe(1000)
  write()
  expect((await response).status).toBe(200)
  expect(held.now).toBe(0)
})

test.each([
  ['no account is left', { accounts: [] }, 503],
  ['the upstream cannot be reached', { accounts: [anAccount('http://127.0.0.1:1')] }, 502],
  ['the body is too large', { accounts: [], settings: { maxRequestBytes: 999 } }, 413],
  [
    'our own code fails',
    {
      accounts: [],
      ports: {
        reportFault: () => undefined,
        chooseAccount: () => Promise.reject(new Error('planted')),
      },
    },
    500,
  ],
])('the memory of a body is given back when %s', async (_name, options, status) => {
  const { world, held } = countingWorld(options)
  await using proxy = await listenProxy(world)
  expect((await post(proxy.url)).status).toBe(status)
  await waitUntil(() => held.now === 0, { what: 'the memory to be given back' })
})

test('the memory of a body is given back when the client leaves while it sends', async () => {
  const { world, held } = countingWorld({ accounts: [] })
  await using proxy = await listenProxy(world)
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  socket.write('POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: cnp_test_right\r\ncontent-length: 1000\r\n\r\nhalf')
  await waitUntil(() => held.now === 1000, { what: 'the memory to be taken' })
  socket.destroy()
  await waitUntil(() => held.now === 0, { what: 'the memory to be given back' })
})

test('memory that is not there is said as an overload, in the shape of Claude, and recorded', async () => {
  const { world } = countingWorld({ accounts: [] }, 999)
  await using proxy = await listenProxy(world)
  const response = await post(proxy.url)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
  expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } })
  expect(world.records[0]?.end).toMatchObject({ outcome: 'rejected', status: 503, ownErrorType: 'overloaded_error' })
})
