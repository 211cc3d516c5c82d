import { shared } from '@/lib/shared'

const tails = () => shared('live-tails', () => new Set<() => void>())

/** Registers an endless answer (a live view of the dashboard), so that a drain can end it. */
export function addLiveTail(end: () => void): () => void {
  tails().add(end)
  return () => tails().delete(end)
}

export function endLiveTails(): void {
  for (const end of tails()) end()
  tails().clear()
}
