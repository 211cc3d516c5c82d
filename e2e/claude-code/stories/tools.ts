import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import type { ClaudeCode } from '../claude-code'
import { isHello, isTokenCount, readLongFiles, type Story } from './story'

/** A search and a page, each read by a call beside the conversation. */
export const web: Story = {
  name: 'web',
  calls: ['asks-search', 'search', 'search-result', 'asks-page', 'page', 'page-result'],
  async play(scene) {
    const claude = await scene.open({ env: { ENABLE_TOOL_SEARCH: 'false' } })
    const home = claude.env.HOME ?? ''
    const page = await startPage(home)
    await mkdir(path.join(home, '.claude'), { recursive: true })
    // Without it the client asks an outside host first whether the page may be read.
    await writeFile(path.join(home, '.claude/settings.json'), JSON.stringify({ skipWebFetchPreflight: true }))
    claude.env.NODE_EXTRA_CA_CERTS = page.certificate
    const tools = ['--allowedTools', 'WebSearch', 'WebFetch']
    await claude.print('Use WebSearch {"query":"what a proxy is"}', ...tools)
    await claude.print('--continue', `Use WebFetch {"url":"${page.url}","prompt":"What does it say?"}`, ...tools)
    page.close()
  },
}

/** A page of ours behind TLS: the client reads no others. Its host, pages.example.com, must lead to this machine. */
async function startPage(folder: string): Promise<{ url: string; certificate: string; close(): void }> {
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=pages.example.com', '-addext', 'subjectAltName=DNS:pages.example.com']
  const files = ['-keyout', key, '-out', certificate]
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...files,
    ...subject,
  ])
  const server = https.createServer({ key: await readFile(key), cert: await readFile(certificate) }, (_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<html><body><h1>A page</h1><p>${'A proxy stands between. '.repeat(10)}</p></body></html>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `https://pages.example.com:${port}/page`, certificate, close: () => void server.close() }
}

/** Back after days, the client has the upstream clear what old tools said; it does so for some users only. */
export const clearedUpstream: Story = {
  name: 'cleared-upstream',
  calls: ['asks-tools', 'tool-results', 'back-after-days', 'goes-on'],
  isLeftOut: (exchange) => isHello(exchange) || isTokenCount(exchange),
  async play(scene) {
    const flags = { tengu_jiggly_blossom: 'on' }
    const env = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: undefined, _CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL: '1' }
    const claude = await scene.open({ env })
    const known = { cachedFeatureFlags: flags, cachedFeatureFlagsAt: Date.now() }
    await writeFile(path.join(claude.env.HOME ?? '', '.claude.json'), JSON.stringify(known))
    await claude.print(await readLongFiles(claude, 30))
    await moveBack(claude, 3)
    await claude.print('--continue', 'Where were we?')
    await claude.print('--continue', 'Go on.')
  },
}

/** As if the session had been left so many days ago. */
async function moveBack(claude: ClaudeCode, days: number): Promise<void> {
  const projects = path.join(claude.env.HOME ?? '', '.claude/projects')
  for (const name of await readdir(projects, { recursive: true })) {
    if (!name.endsWith('.jsonl')) continue
    const file = path.join(projects, name)
    const earlier = (time: string) => new Date(Date.parse(time) - days * 86_400_000).toISOString()
    const lines = await readFile(file, 'utf8')
    await writeFile(
      file,
      lines.replace(/"timestamp":"([^"]+)"/g, (_, time: string) => `"timestamp":"${earlier(time)}"`),
    )
  }
}
