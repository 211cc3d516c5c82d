import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '@/lib/testing/free-port'
import { waitUntil } from '@/lib/testing/wait-until'

/** What stands before the replicas. */
export interface Front {
  readonly url: string
  /** From now on new connections go to these ports alone; running streams stay where they are. */
  sendTo(ports: readonly number[]): Promise<void>
  stop(): Promise<void>
}

/** nginx with deploy/nginx/nexus.conf where it is installed, else a balancer of TCP connections. */
export function startFront(ports: readonly number[]): Promise<Front> {
  return spawnSync('nginx', ['-v']).error ? startBalancer(ports) : startNginx(ports)
}

async function startNginx(ports: readonly number[]): Promise<Front> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-nginx-'))
  const port = await freePort()
  const configure = (chosen: readonly number[]) =>
    writeFileSync(path.join(folder, 'nginx.conf'), nginxConfig(port, chosen))
  configure(ports)
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']
  const child = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()))
  await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`nginx did not start: ${complaint}`)
      return isListening(port)
    },
    { timeoutMs: 30_000, what: 'nginx to listen' },
  )
  return {
    url: `http://127.0.0.1:${port}`,
    async sendTo(chosen) {
      const before = workersOf(child.pid ?? 0)
      configure(chosen)
      child.kill('SIGHUP')
      // The old workers live on with their streams; new connections are the new ones' once those are there.
      const isTaken = () => workersOf(child.pid ?? 0).some((pid) => !before.includes(pid))
      await waitUntil(isTaken, { timeoutMs: 30_000, what: 'nginx to take its new configuration' })
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function workersOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
}

/** The file an operator installs, with the test's addresses and without TLS. */
function nginxConfig(port: number, ports: readonly number[]): string {
  const site = readFileSync('deploy/nginx/nexus.conf', 'utf8')
    .replace('server 127.0.0.1:3000;', ports.map((each) => `server 127.0.0.1:${each};`).join('\n'))
    .replace('listen 443 ssl http2;', `listen 127.0.0.1:${port};`)
    .replace(/^ *ssl_.*$/gm, '')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`)
  return `daemon off;
pid nginx.pid;
worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  ${site}
}
`
}

async function startBalancer(ports: readonly number[]): Promise<Front> {
  let chosen = ports
  let turn = 0
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const replica = connect(chosen[(turn += 1) % chosen.length] ?? 0, '127.0.0.1')
    for (const socket of [client, replica]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      socket.on('error', () => (client.destroy(), replica.destroy()))
    }
    client.pipe(replica).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    sendTo(next) {
      chosen = next
      return Promise.resolve()
    },
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
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
