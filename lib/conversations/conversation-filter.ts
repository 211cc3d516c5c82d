import { z } from 'zod'
import { isUuid } from '@/lib/ids'
import { instantSchema } from '@/lib/time-range'

/** The orders of the list; each is a preset of the page. */
export const conversationSorts = ['recent', 'cost', 'longest', 'errors'] as const
export type ConversationSort = (typeof conversationSorts)[number]

const name = z.string().max(300, { error: 'has at most 300 characters' }).describe('exactly this one')

/** The filters of the conversations list, as the query string spells them. */
export const conversationFilterSchema = z.object({
  domain: name.optional(),
  accountId: name.optional(),
  model: name.optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  q: z
    .string()
    .trim()
    .min(2, { error: 'has 2 characters or more' })
    .max(200, { error: 'has at most 200 characters' })
    .optional(),
  /** Conversations of side calls alone: titles, quota probes, counts. */
  includeSideCalls: z
    .enum(['true', 'false'], { error: 'is true or false' })
    .default('false')
    .transform((value) => value === 'true'),
  sort: z.enum(conversationSorts, { error: `is one of ${conversationSorts.join(', ')}` }).default('recent'),
})

export type ConversationFilter = z.infer<typeof conversationFilterSchema>

/** Where a page ended: the value of the last row's order, and its id. */
export const conversationCursorSchema = z
  .string()
  .max(100, { error: 'is the nextCursor of the page before' })
  .transform((text, context) => {
    const [value, conversationId] = text.split('~')
    if (value !== undefined && /^\d{1,15}$/.test(value) && conversationId && isUuid(conversationId))
      return { value, conversationId }
    context.addIssue({ code: 'custom', message: 'is the nextCursor of the page before' })
    return z.NEVER
  })

export type ConversationCursor = z.infer<typeof conversationCursorSchema>
