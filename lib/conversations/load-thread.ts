import { decodeBody } from '@/lib/claude/decode-body'
import { asArray, asRecord, parseJson, type JsonRecord } from '@/lib/claude/json'
import { readResponseFacts } from '@/lib/claude/response-facts'
import { queryRows } from '@/lib/dashboard-query'
import { loadWholeExchange } from '@/lib/recorder/load-body'
import type { HeaderList } from '@/lib/proxy/ports'

/** What was said up to one request, and its answer. */
export interface Thread {
  readonly requestId: string
  /** The request body; of a message thread with the messages of the requests before it. null = not kept. */
  readonly body: JsonRecord | null
  /** The answer as a message; null = none came, or it was not kept. */
  readonly answer: JsonRecord | null
}

interface Walked {
  readonly parentRequestId: string | null
  readonly isThread: boolean
}

/** A message thread sends only what is new; its beginning is put together from this many requests at most. */
const mostJoined = 200

/** The transcript that ends with a request. Throws AppError when stored content cannot be read. */
export async function loadThread(requestId: string): Promise<Thread> {
  const [own, earlier] = await Promise.all([loadPart(requestId), loadEarlier(requestId)])
  if (earlier.length === 0 || !own.body) return { requestId, ...own }
  return {
    requestId,
    answer: own.answer,
    body: { ...earlier[0]?.body, ...own.body, messages: joinMessages(earlier, own.body) },
  }
}

function joinMessages(earlier: readonly ThreadPart[], body: JsonRecord): unknown[] {
  return [
    ...earlier.flatMap(({ body: sent, answer }) => [
      ...asArray(sent?.messages),
      ...(answer ? [{ role: 'assistant', content: answer.content }] : []),
    ]),
    ...asArray(body.messages),
  ]
}

/** The requests whose messages a message thread leaves out, oldest first. */
async function loadEarlier(requestId: string): Promise<ThreadPart[]> {
  const earlier: ThreadPart[] = []
  let link = await walk(requestId)
  while (link?.isThread && link.parentRequestId && earlier.length < mostJoined) {
    earlier.unshift(await loadPart(link.parentRequestId))
    link = await walk(link.parentRequestId)
  }
  return earlier
}

async function walk(requestId: string): Promise<Walked | null> {
  const [row] = await queryRows<Walked>(
    'SELECT parent_request_id AS "parentRequestId", is_thread AS "isThread" FROM request_links WHERE request_id = $1',
    [requestId],
  )
  return row ?? null
}

/** What one request adds. */
type ThreadPart = Pick<Thread, 'body' | 'answer'>

const nothingKept = { detail: null, request: null, response: null }

async function loadPart(requestId: string): Promise<ThreadPart> {
  const { detail, request, response } = (await loadWholeExchange(requestId)) ?? nothingKept
  const facts =
    response &&
    readResponseFacts({
      status: null,
      contentType: response.contentType,
      contentEncoding: encodingOf(detail?.responseHeaders),
      bytes: response.bytes,
    })
  return {
    body: request && asRecord(parseJson(textOf(request.bytes, encodingOf(detail?.receivedHeaders)))),
    answer: facts?.message ?? null,
  }
}

function textOf(bytes: Uint8Array, encoding: string | null): string {
  const plain = decodeBody(bytes, encoding).bytes
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString('utf8')
}

function encodingOf(headers: HeaderList | undefined): string | null {
  return headers?.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1] ?? null
}
