import { expect, it } from 'vitest'
import { sha256, type Head } from './client'
import { queryRows, tokensOf, waitForRow, type RecordedRow } from './recorded-rows'
import type { Stage, StageCall } from './stage'

/** Waits for the row of an answer. */
export function recordOf(stage: Stage, answer: Pick<Head, 'header'>): Promise<RecordedRow> {
  return waitForRow(stage, 'request_id = $1', answer.header('x-nexus-request-id'))
}

/** Waits for the row of a call that never got an answer; its body is its name. */
export function recordOfBody(stage: Stage, body: Buffer): Promise<RecordedRow> {
  return waitForRow(stage, "encode(b.request_sha256, 'hex') = $1", sha256(body))
}

/** The promise at the end of every theme: each call of this file is a row, and the row tells the truth. */
export function itRecordsEveryCall(stage: Stage): void {
  it('has recorded every call of this theme, with its very bytes and tokens', async () => {
    const accepted = acceptedCalls(stage)
    const ids = accepted.map(({ id }) => id)
    const rows = new Map<string, RecordedRow>()
    const missing = async () => {
      for (const row of await queryRows(stage, 'request_id = ANY($1)', ids)) rows.set(row.request_id, row)
      return accepted.filter(({ id }) => !rows.has(id)).map(described)
    }
    await expect.poll(missing, { timeout: 60_000, interval: 200 }).toEqual([])
    for (const call of accepted) expect(rows.get(call.id), call.id).toMatchObject(expectedRow(call))
  })
}

interface AcceptedCall extends StageCall {
  readonly id: string
}

/** Calls that were accepted: strangers are recorded up to a budget only. */
function acceptedCalls(stage: Stage): AcceptedCall[] {
  return stage.calls.flatMap((call) => {
    const id = call.reply.header('x-nexus-request-id')
    const isStranger = !call.exchange && [401, 404].includes(call.reply.status)
    return id && !isStranger ? [{ ...call, id }] : []
  })
}

function described({ id, ask, reply }: AcceptedCall): string {
  return `${id}: ${ask.method} ${ask.target ?? ''} ${ask.body?.subarray(0, 40).toString('latin1') ?? ''} → ${reply.status}`
}

function expectedRow({ ask, reply, exchange }: AcceptedCall): Partial<RecordedRow> {
  const known = { status: reply.status, method: ask.method }
  if (!exchange) return known
  const request_sha = sha256(ask.body ?? Buffer.alloc(0))
  const forwarded = { ...known, upstream_request_id: exchange.requestId, request_sha }
  if (!reply.isComplete) return forwarded
  // A door that had to decode gave the client other bytes than the upstream sent; the record keeps the latter.
  const answered = { ...forwarded, response_sha: exchange.response.sha256 }
  if (reply.status >= 400) return { ...answered, outcome: 'upstream_error' }
  return exchange.response.usage ? { ...answered, outcome: 'completed', ...tokensOf(exchange) } : answered
}
