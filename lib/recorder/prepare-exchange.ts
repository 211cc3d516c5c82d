import type { PieceParser } from '@/lib/blocks/piece-parser'
import type { PriceBook } from '@/lib/claude/price-book'
import { parseRequestBody, readRequestFacts } from '@/lib/claude/request-facts'
import { readResponseFacts } from '@/lib/claude/response-facts'
import { log } from '@/lib/log'
import type { BodyStore } from './body-store'
import { buildRow } from './build-row'
import type { Exchange } from './exchange'
import { headerOf } from './header-of'
import type { LinkCandidate } from './link-port'
import type { PreparedExchange } from './record-batch'

interface PrepareTools {
  readonly store: BodyStore
  readonly book: PriceBook
  readonly pieces: PieceParser
}

/** Reads, prices and cuts one exchange. What cannot be understood is recorded all the same, with less said about it. */
export async function prepareExchange(
  exchange: Exchange,
  { store, book, pieces }: PrepareTools,
): Promise<PreparedExchange> {
  const candidate = readCandidate(exchange, { book, pieces })
  const row = candidate?.row ?? buildRow(exchange, null)
  const wasDropped = exchange.requestDrop !== null || exchange.responseDrop !== null
  try {
    return { row, candidate, bodies: await store.prepare(exchange), hasLostBodies: wasDropped }
  } catch (error) {
    log().error(
      { error, requestId: row.requestId },
      'the bodies of an exchange could not be stored; its row is recorded',
    )
    return { row, candidate, bodies: null, hasLostBodies: isWanted(exchange) }
  }
}

/** The last resort for an exchange that the database refuses: what passed through, without facts and bodies. */
export function prepareBare(exchange: Exchange): PreparedExchange {
  return { row: buildRow(exchange, null), candidate: null, bodies: null, hasLostBodies: isWanted(exchange) }
}

const isWanted = ({ begin }: Exchange): boolean => begin.caller?.capture === 'full'

function readCandidate(exchange: Exchange, { book, pieces }: Omit<PrepareTools, 'store'>): LinkCandidate | null {
  const { begin, end } = exchange
  try {
    const coding = headerOf(begin.requestHeaders, 'content-encoding')
    const requestJson = parseRequestBody(begin.body, coding, (plain) => pieces.parse(plain))
    const source = { method: begin.method, path: begin.target, headers: begin.requestHeaders, bytes: begin.body }
    const said = readRequestFacts({ ...source, body: requestJson })
    // What the dashboard sends again is no turn of anybody's conversation, whatever it looks like.
    const requestFacts = begin.caller?.replayOf ? { ...said, kind: 'replay' as const } : said
    const responseFacts = readResponseFacts({
      status: end.status,
      contentType: headerOf(end.responseHeaders, 'content-type'),
      contentEncoding: headerOf(end.responseHeaders, 'content-encoding'),
      bytes: exchange.responseBody,
    })
    const row = buildRow(exchange, { request: requestFacts, response: responseFacts, book })
    return { row, exchange, requestJson, requestFacts, responseFacts }
  } catch (error) {
    log().error({ error, requestId: begin.requestId }, 'an exchange could not be read; it is recorded without facts')
    return null
  }
}
