import { prisma } from '@/lib/prisma'

export interface ListedSweep {
  readonly startedAt: Date
  /** null = it is running, or its process ended in the middle. */
  readonly finishedAt: Date | null
  /** null = the nightly one. */
  readonly startedBy: string | null
  readonly freedBytes: number
  readonly rows: number
  readonly bodies: number
  readonly blocks: number
  readonly error: string | null
}

const newest = 10

/** Newest first. */
export async function listSweeps(): Promise<ListedSweep[]> {
  const sweeps = await prisma().sweep.findMany({ orderBy: { startedAt: 'desc' }, take: newest, omit: { id: true } })
  return sweeps.map(({ freedBytes, rows, bodies, blocks, ...sweep }) => ({
    ...sweep,
    freedBytes: Number(freedBytes),
    rows: Number(rows),
    bodies: Number(bodies),
    blocks: Number(blocks),
  }))
}
