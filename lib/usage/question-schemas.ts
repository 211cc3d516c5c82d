import { z } from 'zod'
import { instantSchema, longestRangeMs } from '@/lib/time-range'
import { bucketNames } from './usage-buckets'
import { usageFilterSchema, usageGroups } from './usage-filter'
import { usageMetrics } from './usage-metrics'
import { planWindows } from './window-state'

/** The query strings of the usage API. */

const whole = (fallback: number, max: number) =>
  z.coerce
    .number({ error: `is a whole number from 1 to ${max}` })
    .int({ error: `is a whole number from 1 to ${max}` })
    .min(1, { error: `is at least 1` })
    .max(max, { error: `is at most ${max}` })
    .default(fallback)
const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'is true or false' })
  .transform((text) => /^(true|1)$/.test(text))
const accountId = z.string({ error: 'is required' }).max(200)
const one = z.string().max(300, { error: 'has at most 300 characters' }).describe('exactly this one')

const timeZoneSchema = z
  .string()
  .refine(isTimeZone, { error: 'is an IANA time zone such as Europe/Paris' })
  .describe('an IANA time zone such as Europe/Paris')

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    // Intl has no other way to ask.
    return false
  }
}

export const currentSchema = z.object({
  accountId,
  window: whole(300, longestRangeMs / 60_000).describe('minutes'),
  domain: one.optional(),
  model: one.optional(),
})

export const dailySchema = z.object({
  accountId,
  days: whole(30, 400),
  domain: one.optional(),
  aggregate: flag.default(false),
  tz: timeZoneSchema.default('UTC'),
})

const mostSteps = 1_500

export const timeSeriesSchema = z
  .object({
    accountId,
    window: whole(5, longestRangeMs / 3_600_000).describe('hours'),
    interval: whole(5, 10_080).describe('minutes'),
  })
  .refine(({ window, interval }) => (window * 60) / interval <= mostSteps, {
    error: `cuts the window into more than ${mostSteps} steps`,
    path: ['interval'],
  })

const period = {
  from: instantSchema.default(() => new Date(Date.now() - 86_400_000)),
  to: instantSchema.default(() => new Date()),
}

export const usageSchema = z
  .object({
    ...usageFilterSchema.shape,
    ...period,
    groupBy: z
      .enum([...usageGroups, 'account', 'clientKey'], { error: 'is domain, account, clientKey, model or kind' })
      .transform((group) => (group === 'account' ? 'accountId' : group === 'clientKey' ? 'clientKeyId' : group))
      .optional(),
    bucket: z.enum(bucketNames, { error: `is one of ${bucketNames.join(', ')}` }).default('day'),
    tz: timeZoneSchema.default('UTC'),
  })
  .refine(({ from, to }) => from < to, { error: 'is after from', path: ['to'] })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= longestRangeMs, {
    error: 'is at most 400 days after from',
    path: ['to'],
  })
export type UsageQuery = z.infer<typeof usageSchema>

/** The usage page: what is unusable becomes the default, so that no address breaks it. */
export const explorerSchema = z.object({
  metric: z.enum(usageMetrics).catch('cost'),
  group: z.enum([...usageGroups, 'tokenKind', 'nothing']).catch('model'),
  bucket: z.enum(bucketNames).nullish().catch(null),
  compare: flag.catch(false),
  ...usageFilterSchema.shape,
  // Read by readTimeRange and readTimeZone, which know what stands for what cannot be read.
  from: z
    .string()
    .optional()
    .describe(instantSchema.description ?? ''),
  to: z
    .string()
    .optional()
    .describe(instantSchema.description ?? ''),
  tz: z
    .string()
    .optional()
    .describe(timeZoneSchema.description ?? ''),
})
export const usageExportSchema = z.object({
  format: z.enum(['csv', 'json'], { error: 'is csv or json' }).default('csv'),
})

export const windowDetailSchema = z.object({ tz: timeZoneSchema.default('UTC') })
export const burnersSchema = z.object({
  window: z.enum(planWindows, { error: `is one of ${planWindows.join(', ')}` }).default('5h'),
})
