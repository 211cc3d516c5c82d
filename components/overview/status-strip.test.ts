import { expect, test } from 'vitest'
import { prepareStatus, type SystemState } from './status-strip'

const well: SystemState = {
  status: 'healthy',
  version: '0.1.0',
  uptimeSeconds: 61,
  database: 'connected',
  recorder: { pending: 0, lagMs: 0, journalBytes: 0 },
  upstream: { forwarded: 100, failed: 0 },
}
const factOf = (name: string, more: Partial<SystemState>) =>
  prepareStatus({ ...well, ...more }).find((fact) => fact.name === name)

test('a system that is well is green throughout', () => {
  expect(prepareStatus(well).map(({ status, word }) => [status, word])).toEqual([
    ['ok', 'serving'],
    ['ok', 'connected'],
    ['ok', 'up to date'],
    ['ok', 'no errors'],
  ])
})

test('a recorder more than a minute behind is a concern', () => {
  expect(factOf('Recorder', { recorder: { pending: 412, lagMs: 180_000, journalBytes: 2_048 } })).toMatchObject({
    status: 'warn',
    word: '3 m 00 s behind',
    detail: '412 waiting, journal 2 KB',
  })
})

test('upstream errors are a share of what was sent on', () => {
  expect(factOf('Upstream', { upstream: { forwarded: 100, failed: 2 } })).toMatchObject({
    status: 'warn',
    word: '2% errors',
  })
  expect(factOf('Upstream', { upstream: { forwarded: 10, failed: 5 } })).toMatchObject({
    status: 'danger',
    detail: '5 of 10 in 15 min',
  })
})

test('no traffic is not "no errors"', () => {
  expect(factOf('Upstream', { upstream: { forwarded: 0, failed: 0 } })).toMatchObject({ status: 'off', word: 'quiet' })
})
