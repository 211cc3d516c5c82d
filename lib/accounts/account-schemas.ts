import { z } from 'zod'
import { labelSchema, modelListSchema } from '@/lib/clients/change'
import { longestOverlapMinutes } from './overlap'
import { apiKeySchema, oauthSchema } from './secrets'

const nameSchema = labelSchema.min(1, { error: 'Enter a name.' })

/** checkBaseUrl tells where it leads. */
const baseUrlSchema = z
  .string()
  .trim()
  .max(500, { error: 'Use 500 characters or fewer.' })
  .transform((text) => text.replace(/\/+$/, ''))

const claudeKeySchema = apiKeySchema.refine((key) => !key.startsWith('cnp_'), {
  error: "This is a key of this proxy. Enter one of Anthropic's Console.",
})

const linkSchema = z.strictObject({
  domainId: z.uuid({ error: 'Name a domain by its id.' }),
  /** Lower goes first; without it the account goes last. */
  position: z.number().int().min(0).max(1_000).optional(),
  weight: z.number().int().min(1).max(1_000).optional(),
})

const linksSchema = z
  .array(linkSchema)
  .max(500)
  .refine((links) => new Set(links.map(({ domainId }) => domainId)).size === links.length, {
    error: 'Name each domain once.',
  })

const common = {
  name: nameSchema,
  baseUrl: baseUrlSchema.nullish(),
  organization: labelSchema.default(''),
  allowedModels: modelListSchema.optional(),
  domains: linksSchema.default([]),
}

export const newAccountSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('api_key'), apiKey: claudeKeySchema, ...common }),
    z.strictObject({ kind: z.literal('oauth'), oauth: oauthSchema, ...common }),
  ],
  { error: 'Choose api_key or oauth.' },
)

export const accountChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  apiKey: claudeKeySchema.optional(),
  oauth: oauthSchema.optional(),
  baseUrl: baseUrlSchema.nullable().optional(),
  organization: labelSchema.optional(),
  allowedModels: modelListSchema.optional(),
  isPaused: z.boolean().optional(),
  domains: linksSchema.optional(),
  /** With a new key: how long the one before is kept. 0 alone: it is destroyed now. */
  keepPreviousMinutes: z.number().int().min(0).max(longestOverlapMinutes).optional(),
})

export type NewAccount = z.infer<typeof newAccountSchema>
export type AccountChange = z.infer<typeof accountChangeSchema>
export type AccountLink = z.infer<typeof linkSchema>
