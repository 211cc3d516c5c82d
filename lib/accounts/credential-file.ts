import { createHash } from 'node:crypto'
import { z } from 'zod'
import { toBase62 } from '@/lib/clients/base62'
import { domainNameSchema } from '@/lib/clients/domain-name'
import { isAccountId } from './account-id'
import { apiKeySchema, oauthSchema, type AccountSecret } from './secrets'

export const credentialFileEnding = '.credentials.json'

/** What one file says about its domain. */
export interface CredentialFile {
  readonly name: string
  readonly domain: string
  readonly accountId: string
  readonly secret: AccountSecret
  readonly clientKey: string | null
}

/** Why a file cannot be used. The text is for people and never quotes the file. */
export class CredentialFileError extends Error {
  override readonly name = 'CredentialFileError'
}

const fileSchema = z.object({
  type: z.enum(['api_key', 'oauth'], { error: 'Use "api_key" or "oauth".' }),
  accountId: z
    .string()
    .refine(isAccountId, { error: 'Begin with acc_ and use letters, digits, - and _ only.' })
    .optional(),
  api_key: apiKeySchema.optional(),
  oauth: oauthSchema.optional(),
  client_api_key: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{16,512}$/, { error: 'Use 16 characters or more, without spaces.' })
    .refine((key) => !key.startsWith('sk-ant-'), { error: "Use a key of this proxy, not one of Claude's." })
    .optional(),
})

/** Reads the text of `<domain>.credentials.json`. Pure; throws CredentialFileError. */
export function readCredentialFile(name: string, text: string, isOauthAllowed: boolean): CredentialFile {
  const domain = checked(domainNameSchema, name.slice(0, -credentialFileEnding.length), 'the file name')
  const content = checked(fileSchema, parse(text), 'the file')
  return {
    name,
    domain,
    accountId: content.accountId ?? accountIdOf(domain),
    secret: secretOf(content, isOauthAllowed),
    clientKey: content.client_api_key ?? null,
  }
}

function secretOf(content: z.infer<typeof fileSchema>, isOauthAllowed: boolean): AccountSecret {
  if (content.type === 'api_key') {
    if (!content.api_key) throw new CredentialFileError('api_key: Enter the key.')
    return { kind: 'api_key', apiKey: content.api_key }
  }
  if (!isOauthAllowed) {
    throw new CredentialFileError(
      'type: A stored login needs ALLOW_STORED_OAUTH=true. Read what the terms of Anthropic say about that first.',
    )
  }
  if (!content.oauth) throw new CredentialFileError('oauth: Enter the login.')
  return { kind: 'oauth', oauth: content.oauth }
}

function parse(text: string): unknown {
  try {
    // Editors of Windows begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The parser's message quotes the text, which holds secrets.
    throw new CredentialFileError('This is not valid JSON.')
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`)
  throw new CredentialFileError(problems.join(' '))
}

/** A file without an accountId gets the same one at every start. */
function accountIdOf(domain: string): string {
  return `acc_${toBase62(createHash('sha256').update(domain).digest().subarray(0, 16), 22).slice(-20)}`
}
