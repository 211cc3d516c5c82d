import { z } from 'zod'
import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { newId } from '@/lib/ids'

/** Filters of a list under a name, for one user. */
export interface SavedView {
  readonly viewId: string
  readonly name: string
  /** The query string of the page. */
  readonly query: string
}

const pages = ['requests', 'conversations'] as const
const viewPageSchema = z.enum(pages, { error: `is one of ${pages.join(', ')}` })
export const viewListSchema = z.object({ page: viewPageSchema })
export const viewSchema = z.strictObject({
  page: viewPageSchema,
  name: z
    .string()
    .trim()
    .min(1, { error: 'Enter a name.' })
    .max(60, { error: 'Use 60 characters or fewer.' })
    .refine((name) => !/\p{C}/u.test(name), { error: 'Use visible characters only.' }),
  query: z.string().max(4_000, { error: 'is too long' }),
})

type ViewPage = (typeof pages)[number]
const mostViews = 50

export async function listViews(userId: string, page: ViewPage): Promise<SavedView[]> {
  const rows = await prisma().savedView.findMany({ where: { userId, page }, orderBy: { name: 'asc' } })
  return rows.map(({ id: viewId, name, query }) => ({ viewId, name, query }))
}

/** A view of the same name is replaced. */
export async function saveView(userId: string, { page, name, query }: z.infer<typeof viewSchema>): Promise<SavedView> {
  const others = await prisma().savedView.count({ where: { userId, page, name: { not: name } } })
  if (others >= mostViews) throw new AppError('conflict', `There are ${mostViews} views already. Delete one first.`)
  const { id: viewId } = await prisma().savedView.upsert({
    where: { userId_page_name: { userId, page, name } },
    create: { id: newId(), userId, page, name, query },
    update: { query },
  })
  return { viewId, name, query }
}

/** Only one's own; another's is as if it were not there. */
export async function deleteView(userId: string, viewId: string): Promise<void> {
  const { count } = await prisma().savedView.deleteMany({ where: { id: viewId, userId } })
  if (count === 0) throw new AppError('not-found', 'There is no such view.')
}
