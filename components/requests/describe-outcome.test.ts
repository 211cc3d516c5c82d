import { expect, test } from 'vitest'
import { describeOutcome } from './describe-outcome'

test.each([
  { outcome: 'completed', code: 200, status: 'ok', word: '200' },
  { outcome: 'completed', code: 404, status: 'danger', word: '404' },
  { outcome: 'upstream_error', code: 529, status: 'danger', word: '529' },
  { outcome: 'upstream_error', code: 200, status: 'danger', word: 'upstream error' },
  { outcome: 'client_aborted', code: 200, status: 'paused', word: 'client left' },
  { outcome: 'timeout', code: null, status: 'danger', word: 'timed out' },
  { outcome: 'timeout', code: 504, status: 'danger', word: '504' },
  { outcome: 'interrupted', code: null, status: 'warn', word: 'interrupted' },
  { outcome: 'rejected', code: 401, status: 'danger', word: '401' },
  { outcome: 'something_new', code: null, status: 'warn', word: 'something_new' },
])('$outcome with $code looks $status and reads "$word"', ({ outcome, code, status, word }) => {
  expect(describeOutcome({ outcome, status: code, errorType: null })).toEqual({ status, word })
})
