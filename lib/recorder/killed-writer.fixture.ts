import { writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { connectDatabase } from '@/lib/db'
import { aBegin, anEnd, streamOf } from '@/lib/testing/recorder-fixtures'
import { openRecorder } from './recorder'

/**
 * A process that records without end until it is killed. It tells the id of every exchange whose begin was
 * written, and of those whose end was: `begun <id>`, `ended <id>`.
 */
const [, , dataDir = '', databaseUrl = ''] = process.argv
connectDatabase(databaseUrl)
const recorder = await openRecorder({ dataDir })

function tell(word: string, requestId: string): void {
  writeSync(1, `${word} ${requestId}\n`)
}

async function play(): Promise<void> {
  const begin = aBegin()
  const recording = recorder.record({
    ...begin,
    caller: begin.caller && { ...begin.caller, domain: 'killed.example.com' },
  })
  await recording.begun
  tell('begun', begin.requestId)
  const stream = streamOf('Hello', 'x'.repeat(Math.random() * 100_000))
  for (let at = 0; at < stream.length; at += 4_000) {
    recording.chunk(stream.subarray(at, at + 4_000))
    await delay(Math.random() * 5)
  }
  recording.end(anEnd())
}

async function playForEver(): Promise<never> {
  for (;;) await play()
}

await Promise.all(Array.from({ length: 8 }, playForEver))
