import { expect, test } from 'vitest'
import { readSessionId } from './client-session'

const device = 'd'.repeat(64)
const session = '0b3c6a52-3a0f-4c5e-9b8e-6f1d2c3b4a59'

test('the JSON of Claude Code names the session', () => {
  const userId = JSON.stringify({ device_id: device, account_uuid: '', session_id: session })
  expect(readSessionId(userId)).toBe(session)
})

test.each(['', '7d1c6a52-3a0f-4c5e-9b8e-6f1d2c3b4a59'])(
  'so does the form of older versions, with account "%s"',
  (account) => {
    expect(readSessionId(`user_${device}_account_${account}_session_${session}`)).toBe(session)
  },
)

test.each([null, '', 'customer-17', '{', '{"session_id":7}', '[]', 'user_x_session_y'])('%j names nobody', (userId) => {
  expect(readSessionId(userId)).toBeNull()
})
