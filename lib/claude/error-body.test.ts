import { expect, test } from 'vitest'
import { errorBody, errorTypeOf } from './error-body'
import { readResponseFacts } from './response-facts'

test("our own errors have Anthropic's envelope", () => {
  expect(Buffer.from(errorBody('api_error', 'No "account"', 'id-1')).toString()).toBe(
    '{"type":"error","error":{"type":"api_error","message":"No \\"account\\""},"request_id":"id-1"}',
  )
})

test('our own errors are read back like those of the upstream', () => {
  const bytes = errorBody('overloaded_error', 'Later', null)
  const facts = readResponseFacts({ status: 503, contentType: 'application/json', contentEncoding: null, bytes })
  expect(facts).toMatchObject({ errorType: 'overloaded_error' })
})

test('an answer without a type gets the one of its status', () => {
  const statuses = [400, 401, 403, 413, 422, 429, 500, 503, 529]
  expect(statuses.map(errorTypeOf)).toEqual([
    ...['invalid_request_error', 'authentication_error', 'permission_error', 'request_too_large'],
    ...['invalid_request_error', 'rate_limit_error', 'api_error', 'api_error', 'overloaded_error'],
  ])
})
