import { createHmac } from 'node:crypto'
import { formatAlertValue, metricFacts, type AlertMetric } from './alert-metrics'
import type { AlertEvent } from './rule-state'

/** What is told of a rule. */
export interface AlertNews {
  readonly event: AlertEvent | 'test'
  readonly rule: {
    readonly id: string | null
    readonly name: string
    readonly metric: AlertMetric
    readonly threshold: number
  }
  readonly value: number
  readonly subject: string | null
  readonly at: Date
  /** Of the dashboard. */
  readonly publicUrl: string
}

const titles: Record<AlertNews['event'], string> = {
  firing: 'Alert',
  still_firing: 'Still so',
  resolved: 'Over',
  test: 'Test',
}

/** One line for people. Pure. */
function describeNews({ event, rule, value, subject }: AlertNews): string {
  const { firesWhen, name } = metricFacts[rule.metric]
  const figure = formatAlertValue(rule.metric, value)
  const bound = `${firesWhen === 'above' ? 'alert from' : 'alert below'} ${formatAlertValue(rule.metric, rule.threshold)}`
  const of = subject ? ` (${subject})` : ''
  return `${titles[event]}: ${rule.name}. ${name} is ${figure}${of}; ${bound}.`
}

/** What a webhook gets. Fields may be added, not renamed. */
export function webhookBody(news: AlertNews): string {
  const { event, rule, value, subject, at, publicUrl } = news
  return JSON.stringify({
    type: 'nexus.alert',
    event,
    text: describeNews(news),
    rule,
    value,
    unit: metricFacts[rule.metric].unit,
    subject,
    at: at.toISOString(),
    url: `${publicUrl}/alerts`,
  })
}

/** Slack and what speaks like it: <, > and & are marks of its own. */
export function slackBody(news: AlertNews): string {
  const text = describeNews(news).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return JSON.stringify({ text: `${text} <${news.publicUrl}/alerts|Open>` })
}

export const signatureHeader = 'x-nexus-signature'

/**
 * `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hex>`. The receiver computes the same with the secret of the
 * channel and refuses an old time, so that nobody can send the message again.
 */
export function signBody(body: string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** What a person sends to see whether a channel works. */
export function testNews(at: Date, publicUrl: string): AlertNews {
  const rule = { id: null, name: 'A test message', metric: 'error_rate', threshold: 20 } as const
  return { event: 'test', rule, value: 0, subject: 'nothing is wrong', at, publicUrl }
}
