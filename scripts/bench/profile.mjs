import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import path from 'node:path'
import { isMainThread, threadId } from 'node:worker_threads'

/** Loaded before the server, and before each of its threads: SIGUSR2 begins a CPU profile of each, the next one writes it. */
const session = new Session()
session.connect()
const threads = new BroadcastChannel('profile')
let count = 0
let isRunning = false

if (isMainThread) {
  process.on('SIGUSR2', () => {
    threads.postMessage('toggle')
    void toggle()
  })
} else {
  threads.onmessage = toggle
}
threads.unref()

async function toggle() {
  isRunning = !isRunning
  await session.post('Profiler.enable')
  if (isRunning) return session.post('Profiler.start')
  const { profile } = await session.post('Profiler.stop')
  count += 1
  const file = path.join(process.env.BENCH_PROFILE_FOLDER, `${process.pid}-${threadId}-${count}.cpuprofile`)
  writeFileSync(file, JSON.stringify(profile))
}
