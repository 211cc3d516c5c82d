import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Front, FrontOptions } from './front'
import { runFront } from './run-front'

/** Caddy with deploy/caddy/Caddyfile. It looks after the replicas itself, so there is nothing to tell it. */
export async function startCaddy(program: string, options: FrontOptions): Promise<Front> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-caddy-'))
  writeFileSync(path.join(folder, 'Caddyfile'), caddyConfig(options))
  const { stop } = await runFront([program, 'run', '--config', 'Caddyfile'], folder, options.port)
  return {
    url: `http://127.0.0.1:${options.port}`,
    sendTo: () => Promise.resolve(),
    async stop() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The file an operator installs, with the test's addresses and without TLS. */
function caddyConfig({ port, ports, spoil = (recipe) => recipe }: FrontOptions): string {
  const site = spoil(readFileSync('deploy/caddy/Caddyfile', 'utf8'))
    .replace('nexus.example.com {', `http://127.0.0.1:${port} {`)
    .replace('127.0.0.1:3000', ports.map((each) => `127.0.0.1:${each}`).join(' '))
  return `{
	admin off
	auto_https off
}
${site}`
}
