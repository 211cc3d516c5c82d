import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import path from 'node:path'

/** Loaded before the server: SIGUSR2 begins a CPU profile, the next one writes it. */
const session = new Session()
session.connect()
let count = 0
let isRunning = false

process.on('SIGUSR2', async () => {
  isRunning = !isRunning
  await session.post('Profiler.enable')
  if (isRunning) return session.post('Profiler.start')
  const { profile } = await session.post('Profiler.stop')
  count += 1
  const file = path.join(process.env.BENCH_PROFILE_FOLDER, `${process.pid}-${count}.cpuprofile`)
  writeFileSync(file, JSON.stringify(profile))
})
