import { createGunzip } from 'node:zlib'
import { request, type Dispatcher } from 'undici'
import { env } from '@/lib/env'
import { describeConnectionError, findingsIn, type Finding } from './finding'
import { makeProbeToken, probeHeader } from './probe-token'

const { ok, warning, fault, unknown } = findingsIn('Public address')

const patienceMs = 10_000
/** More than nginx (1 MB) and other proxies (10 MB) take unless they are told. */
const bodyBytes = 11 * 1024 * 1024

/** Calls this very server as a client would, through PUBLIC_URL and whatever stands in front. */
export async function checkPublicAddress(): Promise<Finding[]> {
  const { publicUrl } = env()
  if (new URL(publicUrl).port === '0')
    return [unknown('public-address', 'PORT=0: the address is not known beforehand.')]
  try {
    const problem = judgeArrival(publicUrl, await ask('/health/live'))
    if (problem) return [problem]
    const findings = [...(await checkStream()), ...(await checkBody())]
    return findings.length > 0
      ? findings
      : [ok('public-address', `${publicUrl} passes streams at once and bodies of ${bodyBytes / 1024 / 1024} MB.`)]
  } catch (error) {
    const says = `${publicUrl} cannot be reached from here: ${describeConnectionError(error)}.`
    const fix = `Correct PUBLIC_URL, or let ${new URL(publicUrl).host} lead to this server. Try: curl -i ${publicUrl}/health/live`
    return [fault({ id: 'public-unreachable', says, fix })]
  }
}

interface Reply {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

function open(
  path: string,
  options: { method?: 'GET' | 'POST'; body?: Buffer } = {},
): Promise<Dispatcher.ResponseData> {
  return request(env().publicUrl + path, {
    ...options,
    // As the clients of Claude ask: some proxies keep back only what they compress.
    headers: { [probeHeader]: makeProbeToken(), 'user-agent': 'nexus-proxy-doctor', 'accept-encoding': 'gzip' },
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    signal: AbortSignal.timeout(patienceMs),
  })
}

async function ask(path: string, options?: { method: 'POST'; body: Buffer }): Promise<Reply> {
  const reply = await open(path, options)
  const pieces: Buffer[] = []
  for await (const piece of decoded(reply)) pieces.push(piece)
  return { status: reply.statusCode, headers: reply.headers, text: Buffer.concat(pieces).toString() }
}

function decoded({ headers, body }: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  if (headers['content-encoding'] !== 'gzip') return body
  const gunzip = createGunzip()
  body.once('error', (error) => gunzip.destroy(error))
  return body.pipe(gunzip)
}

function judgeArrival(publicUrl: string, { status, headers, text }: Reply): Finding | null {
  if (status >= 300 && status < 400) {
    const target = String(headers.location ?? 'another address')
    const isUpgrade = target.startsWith('https://') && publicUrl.startsWith('http://')
    const origin = URL.canParse(target) ? new URL(target).origin : publicUrl
    return fault({
      id: 'public-redirect',
      says: `${publicUrl} redirects to ${target}; Claude's clients do not follow a redirect.`,
      fix: isUpgrade
        ? `Set PUBLIC_URL=${origin} and give clients that address: ANTHROPIC_BASE_URL=${origin}`
        : 'Let the reverse proxy pass every path as it is, without adding or removing slashes or hosts (docs/operations.md).',
    })
  }
  if (text.includes('"alive"')) return null
  return fault({
    id: 'public-stranger',
    says: `${publicUrl} answers ${status}, but it is not this server.`,
    fix:
      status === 403
        ? 'Let the firewall of that address pass /v1/* and /api/*.'
        : 'Let PUBLIC_URL, or the reverse proxy behind it, lead to this server.',
  })
}

/** A stream whose first words wait for its last ones was kept back on the way. */
async function checkStream(): Promise<Finding[]> {
  const reply = await open('/api/doctor/probe')
  if (reply.statusCode !== 200) {
    reply.body.destroy()
    return [otherInstallation(reply.statusCode)]
  }
  let first = ''
  for await (const piece of decoded(reply)) {
    first = piece.toString()
    break
  }
  // The rest is not waited for.
  reply.body.on('error', () => undefined).destroy()
  if (!first.includes('last')) return []
  return [
    fault({
      id: 'public-buffering',
      says: 'A proxy in front keeps streams back until they end: answers appear all at once, long ones time out.',
      fix: 'nginx: `proxy_buffering off;` and no proxy_ignore_headers in the location (and gzip off for text/event-stream). Caddy: `flush_interval -1`. See docs/operations.md.',
    }),
  ]
}

function otherInstallation(status: number): Finding {
  return fault({
    id: 'public-other-server',
    says: `PUBLIC_URL leads to another installation, or /api/ is blocked on the way (status ${status}).`,
    fix: 'Let it lead to this server; several replicas must share NEXTAUTH_SECRET and ENCRYPTION_KEY.',
  })
}

async function checkBody(): Promise<Finding[]> {
  const size = Math.min(bodyBytes, env().MAX_REQUEST_BYTES)
  const problem = await bodyProblem(size)
  if (problem === null) return []
  return [
    warning({
      id: 'public-body-limit',
      says: `A body of ${(size / 1024 / 1024).toFixed(0)} MB does not get through (${problem}): long conversations and images will fail.`,
      fix: 'nginx: `client_max_body_size 40m;`. Caddy: no request_body max_size below 40MB. Cloudflare and others: raise the limit of the plan. See docs/operations.md.',
    }),
  ]
}

async function bodyProblem(size: number): Promise<string | null> {
  try {
    const { status, text } = await ask('/api/doctor/probe', { method: 'POST', body: Buffer.alloc(size) })
    return status === 200 && text.includes(`"bytes":${size}`) ? null : `status ${status}`
  } catch (error) {
    // A proxy may refuse before the whole body is sent, and close.
    return describeConnectionError(error)
  }
}
