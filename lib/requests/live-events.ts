import { shared } from '@/lib/shared'
import type { RequestRow } from './request-row'

/** What an open dashboard hears: narrow rows that were just recorded, newest last. */
export type RecordedListener = (rows: readonly RequestRow[]) => void

const listeners = () => shared('events', () => new Set<RecordedListener>())

/** Tells every open dashboard which requests were recorded. */
export function publishRecorded(rows: readonly RequestRow[]): void {
  if (rows.length === 0) return
  for (const listener of listeners()) listener(rows)
}

/** Hears recorded requests until the returned function is called. */
export function hearRecorded(listener: RecordedListener): () => void {
  listeners().add(listener)
  return () => void listeners().delete(listener)
}
