import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { constants, createBrotliCompress, createDeflate, createGzip, type BrotliCompress, type Gzip } from 'node:zlib'
import type { ExchangeRecord } from './fake-claude-exchange'
import type { EventLines } from './fake-claude-events'

export type Coding = 'gzip' | 'br' | 'deflate'

/** How an answer travels. All of it comes from scenario parameters. */
export interface Delivery {
  /** Pause between events. */
  readonly ms: number
  readonly eol: string
  /** `bytes`: every byte its own TCP write. A number: one cut after that many bytes. null: one write an event. */
  readonly split: 'bytes' | number | null
  readonly coding: Coding | null
  /** Stop after this many events and end as `cut` says. */
  readonly stopAfter: number
  readonly cut: 'error' | 'reset' | 'fin' | 'mid-event' | 'hang' | null
}

const eols: Record<string, string> = { lf: '\n', crlf: '\r\n', cr: '\r' }

export function readDelivery(params: URLSearchParams): Delivery {
  const split = params.get('split')
  return {
    ms: Number(params.get('ms') ?? 0),
    eol: eols[params.get('eol') ?? 'lf'] ?? '\n',
    split: split === null ? null : split === 'bytes' ? 'bytes' : Number(split),
    coding: params.get('encoding') as Coding | null,
    stopAfter: Number(params.get('after') ?? Number.POSITIVE_INFINITY),
    cut: params.get('cut') as Delivery['cut'],
  }
}

export function frameOf(lines: EventLines, eol: string): Buffer {
  return Buffer.from(lines.map((line) => line + eol).join('') + eol)
}

function compressor(coding: Coding): Gzip | BrotliCompress {
  if (coding === 'gzip') return createGzip()
  if (coding === 'deflate') return createDeflate()
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
}

/** Writes a response and notes every byte of its body in the record. */
export class Writer {
  private readonly encoder: Gzip | BrotliCompress | null
  private encoded: Buffer[] = []

  constructor(
    private readonly response: ServerResponse,
    private readonly record: ExchangeRecord,
    private readonly delivery: Delivery,
  ) {
    response.socket?.setNoDelay(true)
    this.encoder = delivery.coding ? compressor(delivery.coding) : null
    this.encoder?.on('data', (piece: Buffer) => this.encoded.push(piece))
  }

  get gone(): boolean {
    return this.response.destroyed || this.record.aborted
  }

  async write(piece: Buffer): Promise<void> {
    if (!this.encoder) return this.send(piece)
    this.encoder.write(piece)
    await new Promise<void>((resolve) => this.encoder?.flush(() => resolve()))
    await this.sendEncoded()
  }

  async end(): Promise<void> {
    if (this.encoder) {
      this.encoder.end()
      await once(this.encoder, 'end')
      await this.sendEncoded()
    }
    if (this.gone) return
    await new Promise<void>((resolve) => {
      this.response.once('close', resolve)
      this.response.end(resolve)
    })
    this.record.response.finished = !this.record.aborted
  }

  /** Everything written so far has left this process. */
  private async sendEncoded(): Promise<void> {
    const piece = Buffer.concat(this.encoded)
    this.encoded = []
    if (piece.length > 0) await this.send(piece)
  }

  private async send(piece: Buffer): Promise<void> {
    for (const part of this.cutUp(piece)) {
      if (this.gone) return
      this.record.response.add(part)
      if (!this.response.write(part)) await this.drained()
      if (this.delivery.split !== null) await setImmediate()
    }
  }

  private cutUp(piece: Buffer): Buffer[] {
    const { split } = this.delivery
    if (split === 'bytes') return Array.from(piece, (byte) => Buffer.from([byte]))
    const at = split === null ? 0 : split - this.record.response.bytes
    return at > 0 && at < piece.length ? [piece.subarray(0, at), piece.subarray(at)] : [piece]
  }

  private async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        this.response.off('drain', done)
        this.response.off('close', done)
        resolve()
      }
      this.response.once('drain', done)
      this.response.once('close', done)
    })
  }
}

/** A pause that the end of the connection cuts short. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return
  try {
    await setTimeout(ms, undefined, { signal })
  } catch {
    // The peer has gone: the caller looks at the connection itself.
  }
}
