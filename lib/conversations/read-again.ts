import { LRUCache } from 'lru-cache'
import { blocksOf } from '@/lib/blocks/body-node'
import type { BlockContent } from '@/lib/blocks/codec'
import { PieceParser } from '@/lib/blocks/piece-parser'
import { asRecord } from '@/lib/claude/json'
import { parseRequestBody, readRequestFacts } from '@/lib/claude/request-facts'
import { readResponseFacts } from '@/lib/claude/response-facts'
import { isAppError } from '@/lib/errors'
import { headerOf } from '@/lib/recorder/header-of'
import { loadWholeExchange, type LoadedExchange } from '@/lib/recorder/load-body'
import type { RequestRow } from '@/lib/recorder/request-row'
import { readLinkFacts, type FactSource, type LinkFacts } from './link-facts'
import type { LinkSecrets } from './link-secrets'

/** What of a row is needed to read its content again. */
export type ReadableRow = FactSource['row'] & Pick<RequestRow, 'kind' | 'method' | 'status' | 'responseBytes'>

/** What today's rules read in a recorded request. */
export interface ReadAgain {
  /** null = part of no conversation. */
  readonly facts: LinkFacts | null
  readonly kind: string
  readonly kindReason: string
  /** What it could be found by when it had its old kind; as they are now when that is the same. */
  readonly oldOffers: LinkFacts['offers']
}

/** Reads recorded requests of one domain as if they had come just now. What most of them repeat is read once. */
export class ContentReader {
  private readonly pieces = new PieceParser()
  private readonly blocks = new RecentBlocks()

  constructor(private readonly secrets: LinkSecrets) {}

  /** null = its content was not kept, or cannot be read any more. */
  async read(row: ReadableRow): Promise<ReadAgain | null> {
    const kept = await this.load(row.requestId)
    const source = kept && this.sourceOf(row, kept)
    if (!source) return null
    const { kind, kindReason } = source.requestFacts
    const facts = readLinkFacts(source, this.secrets)
    // Now, so that the body is not kept for it.
    const labels = facts?.readLabels()
    return {
      facts: facts && { ...facts, readLabels: () => labels ?? facts.readLabels() },
      kind,
      kindReason,
      oldOffers: kind === row.kind ? [] : this.offersAs(row.kind, source),
    }
  }

  private async load(requestId: string): Promise<LoadedExchange | null> {
    try {
      return await loadWholeExchange(requestId, { blocks: this.blocks })
    } catch (error) {
      if (isAppError(error) && error.code === 'unavailable') return null
      throw error
    }
  }

  private sourceOf(row: ReadableRow, { request, response, detail }: LoadedExchange): FactSource | null {
    if (!request || !detail || (!response && row.responseBytes > 0)) return null
    // What the dashboard sent again is told by who sent it, not by what it says.
    if (row.kind === 'replay') return null
    const headers = detail.receivedHeaders
    const body = parseRequestBody(request.bytes, headerOf(headers, 'content-encoding'), (plain) =>
      this.pieces.parse(plain),
    )
    const source = { method: row.method, path: detail.target, headers, bytes: request.bytes, body }
    const responseFacts = readResponseFacts({
      status: row.status,
      contentType: headerOf(detail.responseHeaders, 'content-type'),
      contentEncoding: headerOf(detail.responseHeaders, 'content-encoding'),
      bytes: response?.bytes ?? Buffer.alloc(0),
    })
    return { row, isKept: true, requestJson: asRecord(body), requestFacts: readRequestFacts(source), responseFacts }
  }

  private offersAs(kind: string, source: FactSource): LinkFacts['offers'] {
    const requestFacts = { ...source.requestFacts, kind: kind as FactSource['requestFacts']['kind'] }
    return readLinkFacts({ ...source, requestFacts }, this.secrets)?.offers ?? []
  }
}

const recentBytes = 32 * 1024 * 1024

/** A turn repeats what the turn before it said. */
class RecentBlocks {
  private readonly known = new LRUCache<string, BlockContent>({ maxSize: recentBytes, sizeCalculation: weightOf })

  get(hash: string): BlockContent | undefined {
    return this.known.get(hash)
  }

  set(hash: string, content: BlockContent): void {
    this.known.set(hash, content.kind === 'content' ? { ...content, bytes: copyOf(content.bytes) } : content)
  }
}

/** Alone in its memory: what was unpacked stands at the beginning of a larger buffer. */
function copyOf(bytes: Buffer): Buffer {
  return Buffer.from(new Uint8Array(bytes).buffer)
}

/** About what a block takes in memory. */
function weightOf(content: BlockContent): number {
  if (content.kind === 'content') return content.bytes.length + 200
  return 2_000 + blocksOf(content.node).length * 100
}
