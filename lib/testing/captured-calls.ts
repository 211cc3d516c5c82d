import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { newId } from '@/lib/ids'
import type { Recorder } from '@/lib/recorder/recorder'
import { aBegin, anEnd, playExchange } from './recorder-fixtures'

/** Calls of the real client, captured against the fake Claude API, with made-up words; for the tests of linking. */
const folder = path.join(import.meta.dirname, '../../e2e/claude-code/fixtures')

export interface CapturedCall {
  /** The story and the number of its file, e.g. `agents/04`. */
  readonly name: string
  readonly requestId: string
  readonly atMs: number
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly messages: readonly CapturedMessage[]; readonly [field: string]: unknown }
  /** null: the client hung up before there was an answer. */
  readonly status: number | null
  readonly response: string
}

export interface CapturedMessage {
  readonly role: string
  readonly content: unknown
}

/** Story by story, in the order in which they were sent, half a minute apart. */
export function readCapturedCalls(startMs: number): CapturedCall[] {
  const files = readdirSync(folder).flatMap((story) =>
    readdirSync(path.join(folder, story))
      .sort()
      .map((file) => ({ name: `${story}/${file.slice(0, 2)}`, file: path.join(folder, story, file) })),
  )
  return files.map(({ name, file }, index) => {
    const atMs = startMs + index * 30_000
    const { target, headers, body, status, response } = JSON.parse(readFileSync(file, 'utf8')) as CapturedCall
    return { name, requestId: newId(atMs), atMs, target, headers, body, status, response }
  })
}

/** Plays a call through a recorder, as if the proxy had forwarded it. */
export function playCapturedCall(recorder: Pick<Recorder, 'record'>, call: CapturedCall): void {
  const { requestId, atMs: receivedAtMs, target, headers, body, status, response } = call
  const isStream = status === 200 && response.startsWith('event:')
  const begin = aBegin({
    ...{ requestId, receivedAtMs, target },
    requestHeaders: Object.entries(headers),
    body: Buffer.from(JSON.stringify(body)),
  })
  const contentType = isStream ? 'text/event-stream; charset=utf-8' : 'application/json'
  const outcome = status === null ? 'client_aborted' : 'completed'
  const end = anEnd({ outcome, status, responseHeaders: [['content-type', contentType]] })
  playExchange(recorder, begin, { response: Buffer.from(response), end })
}
