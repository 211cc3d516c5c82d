import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { checkOutboundUrl, guardedAgentFor } from '@/lib/accounts/upstream-guard'
import { queryRows } from '@/lib/dashboard-query'
import { hotPool } from '@/lib/db'
import { isAppError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { log, maskSecrets } from '@/lib/log'
import type { OpenChannel } from './channels'
import { signatureHeader, signBody, slackBody, webhookBody, type AlertNews } from './message'

/** One attempt to tell a channel. */
export interface Attempt {
  readonly attempt: number
  readonly status: number | null
  /** null = it arrived. */
  readonly error: string | null
  readonly durationMs: number
  /** The first words of the answer, for whoever tests a channel. */
  readonly answer: string
}

export interface DeliverOptions {
  /** Before the second and third attempt. */
  readonly pausesMs?: readonly number[]
}

const patienceMs = 10_000
const shownCharacters = 500
const defaultPausesMs = [2_000, 10_000]

/** Tells a channel, up to three times, and keeps what became of it. Never throws. */
export async function deliver(
  channel: OpenChannel,
  news: AlertNews,
  { pausesMs = defaultPausesMs }: DeliverOptions = {},
): Promise<Attempt> {
  for (let number = 1; ; number += 1) {
    const attempt = await tryOnce(channel, news, number)
    await keepAttempt(channel, news, attempt)
    const pauseMs = pausesMs[number - 1]
    if (attempt.error === null || !mayHelpAgain(attempt) || pauseMs === undefined) return attempt
    await delay(pauseMs)
  }
}

/** A refusal stays one; no answer, a busy or a broken receiver may be another time. */
const mayHelpAgain = ({ status }: Attempt) => status === null || status === 429 || status >= 500

async function tryOnce(channel: OpenChannel, news: AlertNews, attempt: number): Promise<Attempt> {
  const begin = performance.now()
  const durationMs = () => Math.round(performance.now() - begin)
  try {
    const { status, answer } = await post(channel, news)
    const error = status < 300 ? null : `status ${status}`
    return { attempt, status, error, durationMs: durationMs(), answer }
  } catch (error) {
    return { attempt, status: null, error: describe(error), durationMs: durationMs(), answer: '' }
  }
}

/** The address is looked at again each time: a name can come to lead into our own network. Redirects are not followed. */
async function post({ kind, url, secret }: OpenChannel, news: AlertNews): Promise<{ status: number; answer: string }> {
  await checkOutboundUrl(url, 'url')
  const body = kind === 'slack' ? slackBody(news) : webhookBody(news)
  const { statusCode, body: answer } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'nexus-proxy',
      ...(secret !== null && { [signatureHeader]: signBody(body, secret, new Date()) }),
    },
    body,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    signal: AbortSignal.timeout(patienceMs),
    dispatcher: guardedAgentFor(url) ?? undefined,
  })
  return { status: statusCode, answer: await firstWords(answer) }
}

async function firstWords(body: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of body) {
    text += chunk.toString('utf8')
    if (text.length > shownCharacters) break
  }
  return maskSecrets(text.slice(0, shownCharacters))
}

function describe(error: unknown): string {
  if (isAppError(error)) return error.publicMessage
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ABORT_ERR' || (error as Error).name === 'TimeoutError' ? 'no answer within 10 s' : (code ?? message)
}

async function keepAttempt({ channelId }: OpenChannel, news: AlertNews, attempt: Attempt): Promise<void> {
  const { status, error, durationMs } = attempt
  try {
    await hotPool().query(
      `INSERT INTO alert_deliveries (id, channel_id, rule_name, event, attempt, status, error, duration_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [newId(), channelId, news.rule.name, news.event, attempt.attempt, status, error, durationMs],
    )
    await hotPool().query(
      `UPDATE alert_channels SET last_error = $2, last_delivered_at = CASE WHEN $2::text IS NULL THEN now() ELSE last_delivered_at END
       WHERE id = $1`,
      [channelId, error],
    )
  } catch (fault) {
    // The database may be what the alert is about.
    log().warn({ error: fault, channelId, event: news.event }, 'what became of an alert cannot be kept')
  }
}

export interface Delivery {
  readonly deliveryId: string
  readonly at: Date
  readonly channelId: string
  readonly channelName: string
  readonly ruleName: string
  readonly event: AlertNews['event']
  readonly attempt: number
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number
}

const mostListed = 100

/** The newest attempts. */
export function listDeliveries(): Promise<Delivery[]> {
  return queryRows<Delivery>(
    `SELECT d.id AS "deliveryId", d.at, d.channel_id AS "channelId", c.name AS "channelName", d.rule_name AS "ruleName",
       d.event, d.attempt, d.status, d.error, d.duration_ms AS "durationMs"
     FROM alert_deliveries d JOIN alert_channels c ON c.id = d.channel_id ORDER BY d.at DESC, d.attempt DESC LIMIT ${mostListed}`,
  )
}
