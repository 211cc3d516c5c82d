import { request } from 'undici'
import { env } from '@/lib/env'
import { maskSecrets } from '@/lib/log'
import type { AccountKind } from './secrets'
import { guardedAgentFor } from './upstream-guard'

/** Where and with what to ask. */
interface Question {
  /** null = CLAUDE_API_BASE_URL. */
  readonly baseUrl: string | null
  readonly kind: AccountKind
  readonly header: readonly [name: string, value: string]
}

interface ModelsAnswer {
  /** null: nobody answered. */
  readonly status: number | null
  /** In words for people, without secrets. */
  readonly message: string
}

const timeoutMs = 10_000
const maxAnswerBytes = 65_536

/** Asks the upstream for one model: costs nothing, and shows whether a credential and the way work. Never throws. */
export async function askModels({ baseUrl, kind, header: [name, value] }: Question): Promise<ModelsAnswer> {
  const url = `${(baseUrl ?? env().CLAUDE_API_BASE_URL).replace(/\/+$/, '')}/v1/models?limit=1`
  const beta: Record<string, string> = kind === 'oauth' ? { 'anthropic-beta': 'oauth-2025-04-20' } : {}
  try {
    const answer = await get(url, { [name]: value, ...beta })
    return { status: answer.status, message: describeAnswer(answer) }
  } catch (error) {
    return { status: null, message: describeFailure(error) }
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function get(url: string, credential: Record<string, string>): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs)
  const dispatcher = guardedAgentFor(url) ?? undefined
  const headers = { ...credential, 'anthropic-version': '2023-06-01', accept: 'application/json' }
  const { statusCode, body } = await request(url, { method: 'GET', headers, signal, dispatcher })
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > maxAnswerBytes) break
    pieces.push(piece)
  }
  return { status: statusCode, text: Buffer.concat(pieces).toString('utf8') }
}

function describeAnswer({ status, text }: Answer): string {
  if (status === 200) return 'The credential works.'
  if (status >= 300 && status < 400) return 'The base URL redirects elsewhere; redirects are not followed.'
  const said = upstreamMessage(text)
  if (status === 401 || status === 403) return `The upstream refused the credential${said}.`
  if (status === 404) return 'The upstream knows no /v1/models: is the base URL right?'
  return `The upstream answered ${status}${said}.`
}

/** What an Anthropic error body says, bounded and masked. */
function upstreamMessage(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } }
    return typeof error?.message === 'string' ? `: ${maskSecrets(error.message).slice(0, 200)}` : ''
  } catch {
    // A page of some gateway: its status says enough.
    return ''
  }
}

function describeFailure(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'TimeoutError') return `Nobody answered within ${timeoutMs / 1000} seconds.`
  if (code === 'EUPSTREAMREFUSED') return 'The base URL leads into a private network, which is not allowed.'
  if (code === 'ENOTFOUND') return 'The host of the base URL cannot be found.'
  return `The upstream could not be reached (${code ?? 'connection failed'}).`
}
