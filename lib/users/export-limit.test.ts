import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../ids'
import type { Actor } from './access'
import { countExport, exportsOfOne } from './export-limit'

const nowMs = 1_800_000_000_000
let ada: Actor
beforeEach(() => {
  ada = { kind: 'user', userId: newId(), sessionId: newId(), name: 'Ada', role: 'owner' }
})

function spendAll(actor: Actor): void {
  for (let count = 0; count < exportsOfOne.burst; count += 1) countExport(actor, nowMs)
}

describe('exports of one person', () => {
  it('are refused after a burst, with the time to wait', () => {
    spendAll(ada)
    expect(() => countExport(ada, nowMs)).toThrow('Too many exports. Try again in 1 s.')
  })

  it('go on at their pace', () => {
    spendAll(ada)
    countExport(ada, nowMs + 1_000)
    expect(() => countExport(ada, nowMs + 1_000)).toThrow('Too many exports')
  })

  it('are nobody else’s', () => {
    spendAll(ada)
    expect(() => countExport({ ...ada, userId: newId() }, nowMs)).not.toThrow()
  })
})
