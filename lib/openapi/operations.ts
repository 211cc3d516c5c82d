import { z } from 'zod'
import { conversationFilterSchema } from '@/lib/conversations/conversation-filter'
import { requestListSchema } from '@/lib/requests/request-filter'
import { instantSchema } from '@/lib/time-range'
import { currentSchema, dailySchema, timeSeriesSchema, usageSchema } from '@/lib/usage/question-schemas'
import * as answers from './answers'

/** One thing that a script may ask. Who may is in lib/users/access-table.ts. */
export interface Operation {
  /** As the files of app/ spell it: `/api/requests/[requestId]`. */
  readonly path: string
  readonly summary: string
  readonly query?: z.ZodObject
  readonly answer: z.ZodType
}

const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('nextCursor of the page before'),
}
const domainQuery = z.object({ domain: z.string().max(253).optional().describe('exactly this one') })

export const operations: readonly Operation[] = [
  {
    path: '/api/token-usage/current',
    summary: 'What an account used in the window that ends now',
    query: currentSchema,
    answer: answers.currentUsage,
  },
  {
    path: '/api/token-usage/daily',
    summary: 'What an account used day by day, newest first',
    query: dailySchema,
    answer: answers.dailyUsage,
  },
  {
    path: '/api/token-usage/accounts',
    summary: 'Every account: its last five hours, and how far its limits are used up',
    answer: answers.accountsUsage,
  },
  {
    path: '/api/token-usage/time-series',
    summary: 'What an account used in equal steps',
    query: timeSeriesSchema,
    answer: answers.timeSeries,
  },
  {
    path: '/api/usage',
    summary: 'Tokens, dollars and requests by time and group',
    query: usageSchema,
    answer: answers.usageBuckets,
  },
  {
    path: '/api/stats',
    summary: 'Sums since an instant, the last 24 hours by default',
    query: domainQuery.extend({ since: instantSchema.optional() }),
    answer: answers.stats,
  },
  {
    path: '/api/requests',
    summary: 'Recorded requests, newest first',
    query: requestListSchema.extend(paging),
    answer: answers.requestList,
  },
  {
    path: '/api/requests/[requestId]',
    summary: 'One request, with its bodies for those who may read them',
    answer: answers.requestDetail,
  },
  {
    path: '/api/conversations',
    summary: 'Conversations, the most recent first',
    query: conversationFilterSchema.extend(paging),
    answer: answers.conversationList,
  },
  {
    path: '/api/conversations/[conversationId]',
    summary: 'One conversation: its branches and requests',
    answer: answers.conversationDetail,
  },
  {
    path: '/api/storage-stats',
    summary: 'What the record holds, and what it takes on disk',
    answer: answers.storageStats,
  },
  { path: '/api/domains', summary: 'Domains', answer: answers.domainList },
  { path: '/api/accounts', summary: 'Accounts, without their credentials', answer: answers.accountList },
  { path: '/api/doctor', summary: 'What is set up wrongly, and what to do', answer: answers.doctorReport },
  { path: '/token-stats', summary: 'Tokens by domain, of all time', query: domainQuery, answer: answers.tokenStats },
  { path: '/health', summary: 'How the server is', answer: answers.health },
  { path: '/health/live', summary: 'Whether the process answers', answer: z.looseObject({ alive: z.boolean() }) },
  {
    path: '/health/ready',
    summary: 'Whether a load balancer should send calls',
    answer: z.looseObject({ ready: z.boolean(), reason: z.string().optional() }),
  },
]
