import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { loadBody } from '@/lib/recorder/load-body'
import { openRecorder } from '@/lib/recorder/recorder'
import { createTestDatabase } from '@/lib/testing/test-database'
import { BenchConversation, type BenchTurn } from './bench-conversation'
import { makeBenchClock, playTurn } from './bench-play'

test('the sixtieth turn of a conversation costs what the thirtieth did, rows, indexes and links counted', async () => {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-storage-'))
  const recorder = await openRecorder({ dataDir, clock: makeBenchClock(), link: makeLinker() })
  // As many as it takes for a page of 8 KB more or less to weigh little.
  const conversations = Array.from({ length: 8 }, (_, index) => new BenchConversation(index))

  const bytesOf = async (tables: string) => {
    const { rows } = await database.pool.query(
      `SELECT sum(pg_total_relation_size(oid))::int AS bytes FROM pg_class WHERE relkind = 'r' AND relname ~ $1`,
      [`^(${tables})`],
    )
    return rows[0].bytes as number
  }
  const storedBytes = async () => {
    const record = await bytesOf('api_requests|request_bodies|blocks|usage_hours')
    return { record, all: record + (await bytesOf('request_links|link_keys')) }
  }
  const played: { id: string; turn: BenchTurn }[] = []
  const playTurns = async (count: number) => {
    for (let turn = 0; turn < count; turn += 1) {
      for (const conversation of conversations) {
        const next = conversation.next()
        played.push({ id: playTurn(recorder, next), turn: next })
      }
      await recorder.flush()
    }
    return storedBytes()
  }

  const [at15, at30, at60] = [await playTurns(15), await playTurns(15), await playTurns(30)]
  const bars = { record: 4_800, all: 6_000 }
  for (const part of ['record', 'all'] as const) {
    const early = (at30[part] - at15[part]) / 15 / conversations.length
    const late = (at60[part] - at30[part]) / 30 / conversations.length
    expect(late, part).toBeLessThan(bars[part])
    expect(late, part).toBeLessThan(early * 1.2)
  }
  for (const { id, turn } of played.slice(-conversations.length)) {
    expect((await loadBody(id, 'request'))?.bytes.equals(turn.requestBody)).toBe(true)
    expect((await loadBody(id, 'response'))?.bytes.equals(Buffer.concat(turn.responseChunks))).toBe(true)
  }
  await recorder.close()
  await rm(dataDir, { recursive: true })
  await database.drop()
}, 120_000)
