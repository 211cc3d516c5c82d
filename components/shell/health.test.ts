import { describe, expect, it } from 'vitest'
import { describeHealth, type Health } from './health'

const healthy: Health = {
  status: 'healthy',
  version: '1.0.0',
  database: 'connected',
  recorder: { pending: 0, lagMs: 0, journalBytes: 0, journalShare: 0 },
}

describe('describeHealth', () => {
  it('says nothing while all is well', () =>
    expect(describeHealth(healthy)).toEqual({ state: 'ok', label: 'Recording', warning: null }))

  it('does not warn before the first answer', () => expect(describeHealth(undefined).warning).toBeNull())

  it('warns when the server does not answer', () =>
    expect(describeHealth(null)).toMatchObject({ state: 'danger', label: 'Offline' }))

  it('warns when the database is down and counts what waits', () => {
    const health: Health = {
      ...healthy,
      status: 'degraded',
      database: 'disconnected',
      recorder: { ...healthy.recorder, pending: 412, lagMs: 5_000 },
    }
    expect(describeHealth(health).warning).toContain('412 requests wait')
  })

  it('warns when the recorder is more than a minute behind', () => {
    const behind = (lagMs: number) =>
      describeHealth({ ...healthy, recorder: { ...healthy.recorder, pending: 1, lagMs } }).warning
    expect(behind(60_000)).toBeNull()
    expect(behind(185_000)).toContain('3 m 05 s behind (1 request waits)')
  })

  it('warns when the journal is half full, before it is full', () => {
    const filled = (journalShare: number) =>
      describeHealth({ ...healthy, recorder: { ...healthy.recorder, journalShare } }).warning
    expect(filled(0.49)).toBeNull()
    expect(filled(0.62)).toContain('The journal is 62% full')
  })

  it('warns when calls are turned away', () =>
    expect(describeHealth({ ...healthy, status: 'unhealthy' }).state).toBe('danger'))
})
