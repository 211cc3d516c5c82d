import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Front, FrontOptions } from './front'
import { runFront } from './run-front'

/** nginx with deploy/nginx/nexus.conf. */
export async function startNginx(program: string, options: FrontOptions): Promise<Front> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-nginx-'))
  const configure = (ports: readonly number[]) =>
    writeFileSync(path.join(folder, 'nginx.conf'), nginxConfig({ ...options, ports }))
  configure(options.ports)
  const { child, stop } = await runFront(
    [program, '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
    folder,
    options.port,
  )
  return {
    url: `http://127.0.0.1:${options.port}`,
    async sendTo(ports) {
      const before = workersOf(child.pid ?? 0)
      configure(ports)
      child.kill('SIGHUP')
      // The old workers live on with their streams; new connections are the new ones' once those are there.
      const isTaken = () => workersOf(child.pid ?? 0).some((pid) => !before.includes(pid))
      await waitUntil(isTaken, { timeoutMs: 30_000, what: 'nginx to take its new configuration' })
    },
    async stop() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function workersOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
}

/** The file an operator installs, with the test's addresses and without TLS. */
function nginxConfig({ port, ports, spoil = (recipe) => recipe }: FrontOptions): string {
  const site = spoil(readFileSync('deploy/nginx/nexus.conf', 'utf8'))
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
