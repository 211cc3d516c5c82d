import { expect, test } from 'vitest'
import { readDetail } from './exchange-detail'

test('timings that were stored in one list are read as well', () => {
  const stored = {
    ...{ received: [], forwarded: [], returned: [], values: [], target: '/v1/messages', attempts: [] },
    ...{ arrivals: [16, 598, 32, 504], drops: [null, null] },
  }
  expect(readDetail(Buffer.from(JSON.stringify(stored))).arrivals).toEqual([
    { offsetMs: 16, byteLength: 598 },
    { offsetMs: 48, byteLength: 504 },
  ])
})
