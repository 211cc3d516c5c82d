import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { newId } from '@/lib/ids'
import type { Recorder } from '@/lib/recorder/recorder'
import { aBegin, anEnd, playExchange } from '@/lib/recorder/recorder-fixtures'

/** Calls of the real client, captured against the fake Claude API, with made-up words; for the tests of linking. */
const folder = path.join(import.meta.dirname, '../../e2e/claude-code/fixtures')

export interface CapturedCall {
  /** The number of its file, e.g. `04`. */
  readonly name: string
  readonly requestId: string
  readonly atMs: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly messages: readonly CapturedMessage[]; readonly [field: string]: unknown }
  readonly status: number
  readonly response: string
}

export interface CapturedMessage {
  readonly role: string
  readonly content: unknown
}

/** In the order in which they were sent, half a minute apart. */
export function readCapturedCalls(startMs: number): CapturedCall[] {
  return readdirSync(folder)
    .sort()
    .map((file, index) => {
      const atMs = startMs + index * 30_000
      const { headers, body, status, response } = JSON.parse(
        readFileSync(path.join(folder, file), 'utf8'),
      ) as CapturedCall
      return { name: file.slice(0, 2), requestId: newId(atMs), atMs, headers, body, status, response }
    })
}

/** Plays a call through a recorder, as if the proxy had forwarded it. */
export function playCapturedCall(recorder: Pick<Recorder, 'record'>, call: CapturedCall): void {
  const { requestId, atMs: receivedAtMs, headers, body, status, response } = call
  const contentType = status === 200 ? 'text/event-stream; charset=utf-8' : 'application/json'
  const requestHeaders = Object.entries(headers)
  playExchange(recorder, aBegin({ requestId, receivedAtMs, requestHeaders, body: Buffer.from(JSON.stringify(body)) }), {
    response: Buffer.from(response),
    end: anEnd({ status, responseHeaders: [['content-type', contentType]] }),
  })
}
