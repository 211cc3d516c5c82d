import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AppError } from './errors'
import { errorResponse, readJson, requirePlainAddress } from './http'
import { log } from './log'

afterEach(() => vi.restoreAllMocks())

const asked = new Request('http://localhost/api/test?q=hunter2')

it('a refusal that passes says when to come back', () => {
  const error = new AppError('rate-limited', 'Too many.', { details: { retryAfterSeconds: 7 } })
  const response = errorResponse(error, asked)
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('7')
})

it('other refusals do not', () =>
  expect(errorResponse(new AppError('forbidden', 'No.'), asked).headers.has('retry-after')).toBe(false))

it('a failure of ours is logged once, with its facts and without an answer that tells', async () => {
  const heard = vi.spyOn(log(), 'error').mockReturnValue()
  const response = errorResponse(new Error('password=hunter2'), asked)
  expect(heard.mock.calls).toHaveLength(1)
  expect(heard.mock.calls[0]?.[0]).toMatchObject({
    requestId: response.headers.get('x-nexus-request-id'),
    path: '/api/test',
  })
  expect(await response.text()).not.toContain('hunter2')
})

it('a change that met another one is refused, and no failure of ours', () => {
  const heard = vi.spyOn(log(), 'error').mockReturnValue()
  for (const code of ['P2002', 'P2025', 'P2034'])
    expect(errorResponse(Object.assign(new Error('of the database'), { code }), asked).status).toBe(409)
  expect(heard).not.toHaveBeenCalled()
})

it('a refusal is not logged as a failure', () => {
  const heard = vi.spyOn(log(), 'error').mockReturnValue()
  errorResponse(new AppError('not-found', 'There is no such thing.'), asked)
  expect(heard).not.toHaveBeenCalled()
})

it('every answer that is an error has an id of its own', () => {
  const idOf = (error: Error) => errorResponse(error, asked).headers.get('x-nexus-request-id')
  const ids = [new AppError('not-found', 'No.'), new AppError('not-found', 'No.')].map(idOf)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect(ids[0]).not.toBe(ids[1])
})

const post = (body: BodyInit) => {
  const headers = { 'content-type': 'application/json' }
  return new Request('http://localhost/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
}
const anything = z.unknown()

it('a body without an end is read as far as the limit and no further', async () => {
  let pieces = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pieces += 1
      controller.enqueue(Buffer.alloc(65_536, ' '))
    },
  })
  await expect(readJson(post(endless), anything)).rejects.toMatchObject({ code: 'too-large' })
  expect(pieces).toBeLessThan(24)
})

it('a body that begins with a byte order mark is JSON', async () =>
  expect(await readJson(post('\ufeff{"a":"é"}'), anything)).toEqual({ a: 'é' }))

it('a text with U+0000 in a body is refused with its field, wherever it stands', async () => {
  const refused = readJson(post(JSON.stringify({ rates: [{ note: 'a\0b' }] })), anything)
  await expect(refused).rejects.toMatchObject({ code: 'invalid-request', details: { fields: [{ field: 'note' }] } })
  expect(await readJson(post(JSON.stringify({ note: '\\u0000' })), anything)).toEqual({ note: '\\u0000' })
})

it('an address with U+0000 is refused before anybody asks the database', () => {
  const check = (path: string) => () => requirePlainAddress(new Request(`http://localhost${path}`))
  expect(check('/api/accounts/acc_%00')).toThrow(expect.objectContaining({ code: 'not-found' }))
  expect(check('/api/requests?limit=1&q=a%00b')).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      details: { fields: [{ field: 'q', message: expect.any(String) }] },
    }),
  )
  expect(check('/api/requests?q=%2500')).not.toThrow()
})

describe('a field that is at fault', () => {
  const shape = z.strictObject({ name: z.string(), rule: z.strictObject({ days: z.number() }).optional() })
  const either = z.union([z.strictObject({ accountId: z.uuid() }), z.strictObject({ domainId: z.uuid() })])
  const fieldsOf = async (schema: z.ZodType, body: unknown) => {
    const error = await readJson(post(JSON.stringify(body)), schema).catch((thrown: AppError) => thrown)
    return ((error as AppError).details?.fields as { field: string }[]).map(({ field }) => field)
  }

  it('is named when the address does not know it, however deep', async () => {
    expect(await fieldsOf(shape, { name: 'a', nmae: 'b', colour: 1 })).toEqual(['nmae', 'colour'])
    expect(await fieldsOf(shape, { name: 'a', rule: { days: 1, hours: 2 } })).toEqual(['rule.hours'])
    await expect(readJson(post('{"name":"a","nmae":1}'), shape)).rejects.toMatchObject({
      publicMessage: 'nmae: is not a field here',
    })
  })

  it('is said to be missing when it is', async () =>
    expect(readJson(post('{}'), shape)).rejects.toMatchObject({ publicMessage: 'name: is missing' }))

  it('is the one of the shape that was meant, where there are several', async () =>
    expect(await fieldsOf(either, { domainId: 'none' })).toEqual(['domainId']))

  it('is none when the body is of another kind, which is said', async () =>
    expect(readJson(post('[]'), shape)).rejects.toMatchObject({
      publicMessage: expect.stringMatching(/^The request is not valid: .*object/),
    }))
})

describe('a change', () => {
  const change = z.strictObject({ name: z.string().optional(), endsAt: z.string().nullish() })
  const patch = (body: object) => readJson(new Request(post(JSON.stringify(body)), { method: 'PATCH' }), change)

  it('that names no field is refused: nothing would change, and the audit log would say that something did', async () =>
    expect(patch({})).rejects.toMatchObject({ code: 'invalid-request', publicMessage: 'Name a field to change.' }))

  it('may take a value away', async () => expect(await patch({ endsAt: null })).toEqual({ endsAt: null }))
})
