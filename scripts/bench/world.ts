import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { findProgram } from '@/lib/testing/find-program'
import { freePort } from '@/lib/testing/free-port'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Answers } from './answers'

/** A program that the bench started. */
export interface Started {
  readonly port: number
  /** Whose CPU time counts, with all below them. */
  readonly pids: readonly number[]
  stop(): Promise<void>
}

export interface Upstream extends Started {
  tell(answers: Answers): Promise<void>
}

const fileOf = (name: string) => path.join(import.meta.dirname, name)

export async function startUpstream(): Promise<Upstream> {
  const child = fork(fileOf('upstream.ts'), [], { execArgv: ['--import', 'tsx'], serialization: 'advanced' })
  return {
    ...(await started(child)),
    async tell(answers) {
      const told = once(child, 'message')
      child.send(answers as string[][])
      await told
    },
  }
}

export async function startBareProxy(upstream: Started): Promise<Started> {
  return started(fork(fileOf('bare-proxy.mjs'), [`http://127.0.0.1:${upstream.port}`]))
}

async function started(child: ChildProcess): Promise<Started> {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { port, pids: [child.pid ?? 0], stop: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

/** null where there is no nginx. */
export async function startNginx(upstream: Started, folder: string): Promise<Started | null> {
  const program = findProgram('nginx')
  if (!program) return null
  const port = await freePort()
  const home = path.join(folder, 'nginx')
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'nginx.conf'), nginxConfig(port, upstream.port))
  const child = spawn(program, ['-p', home, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await waitUntil(() => isListening(port), { timeoutMs: 10_000, what: 'nginx to listen' })
  return { port, pids: [child.pid ?? 0], stop: () => ended(child) }
}

const nginxConfig = (port: number, upstreamPort: number) => `
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 40m;
  client_body_buffer_size 1m;
  upstream claude {
    server 127.0.0.1:${upstreamPort};
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://claude;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const say = (isUp: boolean) => () => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', say(true))
    socket.once('error', say(false))
  })
}
