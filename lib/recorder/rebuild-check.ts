import type { Pool } from 'pg'
import { classifyFault } from '@/lib/database-fault'
import { isAppError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { BodySide } from './body-store'
import { loadBody } from './load-body'
import type { RequestRow } from './request-row'

interface RebuildCheckSettings {
  readonly pool: () => Pool
  /** Of the requests, those whose bodies are looked at. */
  readonly share?: number
}

const usualShare = 1 / 64
/** To be joined a body takes a few times its size. */
const largestBytes = 8 * 1024 * 1024
const sides: readonly BodySide[] = ['request', 'response']

/**
 * Reads bodies of requests that were just committed back from the database, the way the pages do, and compares them
 * with the SHA-256 of what passed. Beside the work, and one request at a time: while one is looked at, others pass.
 */
export class RebuildCheck {
  checkedBodies = 0
  damagedBodies = 0
  private readonly share: number
  private running: Promise<void> | null = null

  constructor(private readonly settings: RebuildCheckSettings) {
    this.share = settings.share ?? usualShare
  }

  /** These are in the database. */
  sample(rows: readonly Pick<RequestRow, 'requestId' | 'requestBytes' | 'responseBytes'>[]): void {
    if (this.running) return
    const chosen = rows.find(
      ({ requestBytes, responseBytes }) => Math.random() < this.share && requestBytes + responseBytes <= largestBytes,
    )
    if (!chosen) return
    this.running = this.check(chosen.requestId).finally(() => (this.running = null))
  }

  async whenIdle(): Promise<void> {
    await this.running
  }

  private async check(requestId: string): Promise<void> {
    for (const side of sides) {
      // What was deleted between its recipe and its blocks looks damaged once, and is gone the second time.
      const result = (await this.read(requestId, side)) === 'same' ? 'same' : await this.read(requestId, side)
      if (result === 'none') continue
      this.checkedBodies += 1
      if (result === 'same') continue
      this.damagedBodies += 1
      log().error({ error: result.damage, requestId, side }, 'a recorded body does not come back as it passed')
    }
  }

  /** `none`: it was not kept, or the database cannot be asked now. */
  private async read(requestId: string, side: BodySide): Promise<'same' | 'none' | { readonly damage: unknown }> {
    try {
      return (await loadBody(requestId, side, { pool: this.settings.pool() })) ? 'same' : 'none'
    } catch (error) {
      const isDamage = isAppError(error) || !['outage', 'conflict'].includes(classifyFault(error))
      return isDamage ? { damage: error } : 'none'
    }
  }
}
