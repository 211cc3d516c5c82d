import { request } from 'undici'
import { env } from '@/lib/env'
import { describeConnectionError, findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Claude API')

const patienceMs = 8_000
const skewOfConcernMs = 30_000

interface Reply {
  readonly status: number
  readonly location: string | null
  readonly date: string | null
  readonly text: string
  readonly tookMs: number
}

/** Whether the Claude API is where CLAUDE_API_BASE_URL says. Asks without a credential: its refusal is the answer. */
export async function checkUpstream(): Promise<Finding[]> {
  const base = env().CLAUDE_API_BASE_URL.replace(/\/+$/, '')
  try {
    const reply = await ask(`${base}/v1/models`)
    return [judgeReply(base, reply), ...judgeClock(reply)]
  } catch (error) {
    const says = `${base} cannot be reached: ${describeConnectionError(error)}.`
    return [fault({ id: 'upstream', says, fix: fixFor(error) })]
  }
}

async function ask(url: string): Promise<Reply> {
  const begin = performance.now()
  const { statusCode, headers, body } = await request(url, {
    headers: { 'anthropic-version': '2023-06-01', 'user-agent': 'nexus-proxy-doctor' },
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    signal: AbortSignal.timeout(patienceMs),
  })
  const text = await body.text()
  const first = (value: string | string[] | undefined) => [value].flat()[0] ?? null
  const tookMs = Math.round(performance.now() - begin)
  return { status: statusCode, location: first(headers.location), date: first(headers.date), text, tookMs }
}

function judgeReply(base: string, { status, location, text, tookMs }: Reply): Finding {
  if (status >= 300 && status < 400) {
    const says = `${base} answers with a redirect to ${location ?? 'another place'}; redirects are not followed with a credential.`
    return fault({ id: 'upstream-redirect', says, fix: redirectFix(location) })
  }
  if (!isFromClaude(text)) {
    return fault({
      id: 'upstream-stranger',
      says: `${base} answers ${status}, but not as the Claude API does.`,
      fix: 'Set CLAUDE_API_BASE_URL=https://api.anthropic.com, or let the firewall or proxy on the way pass calls to it.',
    })
  }
  return ok('upstream', `${base} answers in ${tookMs} ms.`)
}

function redirectFix(location: string | null): string {
  const target = location && URL.canParse(location) ? new URL(location).origin : 'the address it redirects to'
  return `Set CLAUDE_API_BASE_URL=${target} and restart.`
}

/** The API answers JSON with a `type` of its own to everything, errors and lists alike. */
function isFromClaude(text: string): boolean {
  try {
    const answer = JSON.parse(text) as { type?: unknown; data?: unknown } | null
    return answer?.type === 'error' || Array.isArray(answer?.data)
  } catch {
    // A page for people, or nothing.
    return false
  }
}

function judgeClock({ date }: Reply): Finding[] {
  const skewMs = date === null ? NaN : Math.abs(Date.now() - Date.parse(date))
  if (Number.isNaN(skewMs)) return []
  if (skewMs < skewOfConcernMs) return [ok('clock', 'The clock agrees with that of the Claude API.')]
  const says = `The clock of this machine is ${Math.round(skewMs / 1000)} s off that of the Claude API: sessions, limits and log-ins go wrong.`
  return [warning({ id: 'clock', says, fix: 'Turn on time synchronisation: timedatectl set-ntp true' })]
}

function fixFor(error: unknown): string {
  const text = describeConnectionError(error)
  if (text.includes('certificate')) {
    return 'Give the certificate of your own authority to Node: NODE_EXTRA_CA_CERTS=/path/to/ca.pem, and restart.'
  }
  return `Let this machine connect to ${new URL(env().CLAUDE_API_BASE_URL).host} (firewall, DNS), or correct CLAUDE_API_BASE_URL. Try: curl -I ${env().CLAUDE_API_BASE_URL}`
}
