import { expect, test } from 'vitest'
import { firstIdAt } from '@/lib/ids'
import { buildRequestWhere, escapeLike, requestFilterSchema } from './request-filter'

const parse = (query: Record<string, string>) => requestFilterSchema.parse(query)
const problemOf = (query: Record<string, string>) => requestFilterSchema.safeParse(query).error?.issues[0]

test('no filter keeps everything', () => {
  expect(buildRequestWhere({})).toEqual({ sql: 'true', parameters: [] })
})

test('every value travels as a parameter, never as SQL', () => {
  const hostile = `x'; DROP TABLE api_requests; --`
  const { sql, parameters } = buildRequestWhere(parse({ domain: hostile, model: hostile, kind: hostile, q: hostile }))
  expect(sql).not.toContain('DROP')
  expect(parameters.flat()).toContain(hostile)
})

test('a time bound becomes a bound on the partition key', () => {
  const { sql, parameters } = buildRequestWhere(parse({ from: '2026-11-22T00:00:00Z' }))
  expect(sql).toBe('r.request_id >= $1')
  expect(parameters).toEqual([firstIdAt(new Date('2026-11-22T00:00:00Z'))])
})

test('wildcards of LIKE mean themselves', () => {
  expect(escapeLike('50%_\\')).toBe('50\\%\\_\\\\')
})

test.each([
  [{ q: 'ab' }, 'q'],
  [{ status: 'teapot' }, 'status'],
  [{ status: '200;' }, 'status'],
  [{ outcome: 'complete' }, 'outcome'],
  [{ outcome: 'completed,!toString' }, 'outcome'],
  [{ conversationId: '1' }, 'conversationId'],
  [{ clientKeyId: 'x' }, 'clientKeyId'],
  [{ from: 'yesterday' }, 'from'],
  [{ model: Array.from({ length: 21 }, (_, index) => `m${index}`).join(',') }, 'model'],
])('%o is refused, naming the field', (query, field) => {
  expect(problemOf(query as unknown as Record<string, string>)?.path).toEqual([field])
})
