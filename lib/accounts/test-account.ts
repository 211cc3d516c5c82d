import { request } from 'undici'
import { prisma } from '@/lib/db'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { maskSecrets } from '@/lib/log'
import type { Account } from '@/prisma/client/client'
import { accountHealth, healthAfter } from './account-health'
import { credentialHeader } from './credential-header'
import type { AccountKind } from './secrets'
import { guardedAgentFor } from './upstream-guard'

export interface AccountTest {
  readonly ok: boolean
  /** null: nobody answered. */
  readonly status: number | null
  readonly latencyMs: number
  readonly message: string
}

const timeoutMs = 10_000
const maxAnswerBytes = 65_536

/** Asks the upstream for one model: costs nothing, and shows whether the credential and the way work. */
export async function testAccount(accountId: string): Promise<AccountTest> {
  const account = await prisma().account.findUnique({ where: { accountId } })
  if (!account || account.deletedAt) throw new AppError('not-found', 'There is no such account.')
  const url = `${(account.baseUrl ?? env().CLAUDE_API_BASE_URL).replace(/\/+$/, '')}/v1/models?limit=1`
  const startedAt = performance.now()
  const since = () => Math.round(performance.now() - startedAt)
  try {
    const credential = await credentialHeader(candidateOf(account))
    if ('problem' in credential) return { ok: false, status: null, latencyMs: since(), message: wrong(credential) }
    const [name, value] = credential.header
    const answer = await ask(url, { [name]: value, ...(account.kind === 'oauth' && oauthBeta) })
    noteTest(accountId, answer.status)
    return { ok: answer.status === 200, status: answer.status, latencyMs: since(), message: describeAnswer(answer) }
  } catch (error) {
    return { ok: false, status: null, latencyMs: since(), message: describeFailure(error) }
  }
}

const oauthBeta = { 'anthropic-beta': 'oauth-2025-04-20' }

const wrong = ({ problem }: { problem: string }) => `It cannot be used: ${problem}. Enter the credential again.`

function candidateOf({ id, accountId, kind, sealedSecret }: Account) {
  return { uuid: id, accountId, kind: kind as AccountKind, sealedSecret: Buffer.from(sealedSecret).toString('base64') }
}

/** A test says as much about the credential as a call does; it says nothing about anything else. */
function noteTest(accountId: string, status: number): void {
  if (status >= 400 && status !== 401) return
  const health = accountHealth()
  health.set(accountId, healthAfter(health.get(accountId), { attempt: { status }, headers: [], nowMs: Date.now() }))
}

interface TestAnswer {
  readonly status: number
  readonly text: string
}

async function ask(url: string, credential: Record<string, string>): Promise<TestAnswer> {
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

function describeAnswer({ status, text }: TestAnswer): string {
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
