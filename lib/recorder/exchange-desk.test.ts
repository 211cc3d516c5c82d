import { expect, test } from 'vitest'
import { memoryOnly } from '@/lib/journal/entry'
import { aBegin, anEnd } from '@/lib/testing/recorder-fixtures'
import { ExchangeDesk } from './exchange-desk'
import type { ExchangeIntake } from './exchange-intake'

/** An intake that records nothing: it only counts what it was given. */
function countingIntake(): ExchangeIntake {
  return {
    readsJournal: true,
    pendingCount: 0,
    lagMs: 0,
    troubles: { droppedBodies: 0, quarantined: 0, checkedBodies: 0, damagedBodies: 0, lastError: null },
    memory: null,
    push(finished) {
      Object.assign(this, { pendingCount: this.pendingCount + finished.length })
    },
    flush: async () => undefined,
    stop: async () => undefined,
  }
}

test('an exchange is pending from its end on, also while its end is still being written', async () => {
  const intake = countingIntake()
  let written = () => {}
  const writing = new Promise<void>((resolve) => (written = resolve))
  const entry = { ...memoryOnly, append: (type: string) => (type === 'end' ? writing : Promise.resolve()) }
  const desk = new ExchangeDesk({ openIntake: () => intake })
  const exchange = desk.begin(aBegin(), entry)
  expect(desk.pendingCount).toBe(0)
  exchange.end(anEnd())
  expect([desk.pendingCount, intake.pendingCount]).toEqual([1, 0])
  written()
  await expect.poll(() => intake.pendingCount).toBe(1)
  expect(desk.pendingCount).toBe(1)
})
