import type { Dispatcher } from 'undici'
import type { HeaderList, UpstreamAnswer, UpstreamCall } from '@/lib/proxy/ports'
import { Pieces } from './pieces'

/** One call, as undici tells of it: no stream object in between. */
export class DispatchedCall implements UpstreamCall, Dispatcher.DispatchHandler {
  readonly answer: Promise<UpstreamAnswer>
  private settle!: { resolve(answer: UpstreamAnswer): void; reject(error: Error): void }
  private controller: Dispatcher.DispatchController | null = null
  private givenUp: Error | null = null
  private readonly body = new Pieces({
    pause: () => this.controller?.pause(),
    resume: () => this.controller?.resume(),
    leave: () => this.abort(),
  })

  constructor() {
    this.answer = new Promise((resolve, reject) => (this.settle = { resolve, reject }))
  }

  abort(): void {
    if (this.givenUp) return
    this.givenUp = new Error('given up')
    this.fail(this.givenUp)
    this.controller?.abort(this.givenUp)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.givenUp) controller.abort(this.givenUp)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // RFC 9110 §15.2: there may be any number of interim answers before the one that counts.
    if (status < 200) return
    this.settle.resolve({ status, headers: pairs(controller.rawHeaders as (string | Buffer)[]), body: this.body })
  }

  onResponseData(_controller: unknown, piece: Buffer): void {
    this.body.push(piece)
  }

  onResponseEnd(): void {
    this.body.finish()
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error)
  }

  /** Nothing more comes; without a head so far there is no answer. */
  fail(error: Error): void {
    this.settle.reject(error)
    this.body.fail(error)
  }
}

/** undici's raw headers: name, value, name, value … as buffers or strings (latin1 on the wire). */
function pairs(raw: readonly (string | Buffer)[]): HeaderList {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([text(raw[at]), text(raw[at + 1])])
  return list
}

function text(value: string | Buffer | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
}
