import { z } from 'zod'

/** What the API promises to answer, field by field. More fields may come; these stay. */

const text = z.string()
const count = z.number().int().nonnegative()
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullable()
const instant = z.iso.datetime({ offset: true }).describe('ISO 8601, UTC')
const usd = z
  .string()
  .regex(/^-?\d+\.\d{6}$/)
  .describe('US dollars with six decimals')
const id = z.uuid()
const confidence = z.enum(['exact', 'estimated', 'partial', 'unpriced'])

const cost = { costUsd: maybe(usd).describe('null = not known: nothing of it has a price'), costConfidence: confidence }

const tokens = {
  totalInputTokens: count,
  totalOutputTokens: count,
  totalTokens: count.describe('input + output, without the cache'),
  totalRequests: count,
  cacheCreationInputTokens: count,
  cacheReadInputTokens: count,
  ...cost,
}

export const currentUsage = z.looseObject({
  accountId: text,
  domain: text,
  model: text,
  windowStart: instant,
  windowEnd: instant,
  ...tokens,
})

export const dailyUsage = z.looseObject({
  usage: z.array(
    z.looseObject({ date: z.iso.date(), accountId: text, domain: text, model: text.optional(), ...tokens }),
  ),
})

const limit = z.looseObject({
  window: text,
  utilization: maybe(z.number()).describe('share used, 0 to 1'),
  resetsAt: maybe(instant),
  source: maybe(z.enum(['upstream', 'estimate'])),
  asOf: maybe(instant),
})

export const accountsUsage = z.looseObject({
  accounts: z.array(
    z.looseObject({ accountId: text, domains: z.array(text), window: z.looseObject(tokens), limits: z.array(limit) }),
  ),
})

export const timeSeries = z.looseObject({
  accountId: text,
  windowHours: count,
  intervalMinutes: count,
  timeSeries: z.array(
    z.looseObject({
      time: instant,
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheCreationTokens: count,
      requests: count,
      ...cost,
    }),
  ),
})

export const usageBuckets = z.looseObject({
  buckets: z.array(
    z.looseObject({
      start: instant,
      group: maybe(text),
      requests: count,
      errors: count,
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheCreationTokens: count,
      ...cost,
    }),
  ),
})

export const stats = z.looseObject({
  totalRequests: count,
  totalTokens: count,
  totalInputTokens: count,
  totalOutputTokens: count,
  totalCacheCreationTokens: count,
  totalCacheReadTokens: count,
  averageResponseTime: maybe(z.number()).describe('milliseconds'),
  errorCount: count,
  activeDomains: count,
  requestsByModel: z.record(text, count),
  requestsByType: z.record(text, count),
  ...cost,
})

const requestSummary = z.looseObject({
  requestId: id,
  timestamp: instant,
  domainId: maybe(id).describe("null = a stranger's, whose `domain` is the host it named"),
  domain: text,
  accountId: maybe(text),
  clientKeyId: maybe(id),
  method: text,
  path: text,
  kind: text,
  model: maybe(text),
  streaming: z.boolean(),
  status: maybe(count),
  outcome: z.enum(['completed', 'client_aborted', 'upstream_error', 'timeout', 'interrupted', 'rejected']),
  errorType: maybe(text),
  responseTimeMs: maybe(count),
  firstByteMs: maybe(count),
  inputTokens: maybe(count),
  outputTokens: maybe(count),
  cacheCreationInputTokens: maybe(count),
  cacheReadInputTokens: maybe(count),
  totalTokens: maybe(count),
  ...cost,
  stopReason: maybe(text),
  toolCallCount: count,
  upstreamRequestId: maybe(text),
  sessionId: maybe(text),
  agentId: maybe(text),
  conversationId: maybe(id),
  conversationTitle: maybe(text).describe('null also for who may not read content'),
  branchId: maybe(text),
  parentRequestId: maybe(id),
  isSubtask: z.boolean(),
  parentTaskRequestId: maybe(id),
  attemptOf: maybe(id),
})

const pagination = z.looseObject({ limit: count, nextCursor: maybe(text) })

export const requestList = z.looseObject({
  requests: z.array(requestSummary),
  pagination,
  isCut: z.boolean().describe('of an order other than by time: older ones that match were not compared').optional(),
})

const headers = maybe(z.record(text, text))

export const requestDetail = requestSummary.extend({
  requestHeaders: headers,
  responseHeaders: headers,
  requestBody: z.unknown(),
  responseBody: z.unknown().describe('of a stream: the assembled message'),
  usage: z.unknown(),
})

const conversation = z.looseObject({
  conversationId: id,
  domain: text,
  title: maybe(text),
  firstRequestAt: instant,
  lastRequestAt: instant,
  requestCount: count,
  messageCount: count,
  branchCount: count,
  subtaskCount: count,
  compactionCount: count,
  models: z.array(text),
  totalTokens: count,
  ...cost,
  latestRequestId: maybe(id),
  latestContextTokens: maybe(count),
})

export const conversationList = z.looseObject({ conversations: z.array(conversation), pagination })

export const conversationDetail = conversation.extend({
  branches: z.array(
    z.looseObject({
      branchId: text,
      kind: z.enum(['main', 'branch', 'compact', 'subtask']),
      parentRequestId: maybe(id),
      requestCount: count,
      ...cost,
    }),
  ),
  requests: z.array(
    z.looseObject({
      requestId: id,
      timestamp: instant,
      parentRequestId: maybe(id),
      branchId: text,
      isSubtask: z.boolean(),
      parentTaskRequestId: maybe(id),
      attemptOf: maybe(id),
      linkReason: text,
      messageCount: count,
    }),
  ),
})

export const storageStats = z.looseObject({
  requests: count,
  blocks: count,
  logicalBytes: count,
  storedBytes: count,
  journalBytes: count,
})

export const domainList = z.looseObject({
  domains: z.array(z.looseObject({ domain: text, requestCount: count })),
})

export const accountList = z.looseObject({
  accounts: z.array(
    z.looseObject({ accountId: text, name: text, kind: z.enum(['api_key', 'oauth']), last4: text, status: text }),
  ),
})

export const tokenStats = z.record(
  text,
  z.looseObject({
    total_requests: count,
    total_input_tokens: count,
    total_output_tokens: count,
    total_cache_creation_tokens: count,
    total_cache_read_tokens: count,
    request_types: z.record(text, count),
    models: z.record(text, count),
  }),
)

export const health = z.looseObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: text,
  uptime: count.describe('seconds'),
  timestamp: instant,
  database: z.enum(['connected', 'disconnected']),
  recorder: z.looseObject({ pending: count, lagMs: z.number(), journalBytes: count }),
})

export const doctorReport = z.looseObject({
  findings: z.array(
    z.looseObject({
      id: text,
      area: text,
      status: z.enum(['ok', 'warning', 'fault', 'unknown']),
      says: text,
      fix: maybe(text),
    }),
  ),
  checkedAt: instant,
})

const fieldFault = z.looseObject({ field: text, message: text })

export const error = z.looseObject({
  error: text,
  message: text,
  code: text.describe('for programs; it stays where the words may change'),
  details: z.looseObject({ fields: z.array(fieldFault).optional().describe('the fields at fault') }).optional(),
})
