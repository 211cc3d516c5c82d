import { describe, expect, it } from 'vitest'
import { ApiError } from '@/components/shell/fetcher'
import { failureText } from './failure-text'

describe('what a person is told of a failure', () => {
  it('has the id that finds it in the log', () => {
    const error = new ApiError('Something went wrong here.', { status: 500, code: 'internal', requestId: '01a2' })
    expect(failureText(error)).toBe('Something went wrong here. (Request 01a2)')
  })

  it('is the message alone where the server did not fail', () => {
    expect(failureText(new ApiError('Enter a name.', { status: 400, code: 'invalid-request' }))).toBe('Enter a name.')
    expect(failureText(new Error('The clipboard is closed.'))).toBe('The clipboard is closed.')
  })
})
