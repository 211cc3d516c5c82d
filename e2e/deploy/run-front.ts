import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { waitUntil } from '@/lib/testing/wait-until'

interface Running {
  readonly child: ChildProcess
  stop(): Promise<void>
}

/** Starts a reverse proxy and waits until it listens; what it complains of is in the error when it never does. */
export async function runFront(command: readonly string[], folder: string, port: number): Promise<Running> {
  const [program = '', ...args] = command
  const { PATH } = process.env
  const env = { PATH, HOME: folder } as unknown as NodeJS.ProcessEnv
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()))
  const isUp = () => {
    if (child.exitCode !== null) throw new Error(`${program} did not start: ${complaint}`)
    return isListening(port)
  }
  await waitUntil(isUp, { timeoutMs: 30_000, what: `${program} to listen` })
  return {
    child,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
