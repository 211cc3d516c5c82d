import { z } from 'zod'
import { readSecretFiles, secretsOfDataDir } from './env-secrets'
import { shared } from './shared'

const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'], { error: 'is true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true' || text === '1')
const whole = (fallback: number, min: number, max: number) =>
  z.coerce
    .number({ error: `is a whole number from ${min} to ${max}` })
    .int()
    .min(min)
    .max(max)
    .default(fallback)
const address = z.url({ protocol: /^https?$/, error: 'is an http or https address such as https://nexus.example.com' })
const networks = z.string().regex(/^((loopback|[0-9a-fA-F.:]+\/\d{1,3})(\s*,\s*|$))*$/, {
  error: 'is a comma list of networks such as 10.0.0.0/8, or loopback',
})
const emailDomains = z.string().regex(/^(@?[a-z0-9-]+(\.[a-z0-9-]+)+(\s*,\s*|$))*$/i, {
  error: 'is a comma list of the part of e-mail addresses behind the @, such as example.com',
})
const percentEncoded = z.string().refine(isPercentEncoded, { error: 'has a % that encodes nothing: a % itself is %25' })
const secret = z.string().min(16, { error: 'has 16 characters or more' })

/** One line a variable; docs/environment.md explains each and a test compares the two. */
export const environmentSchema = z.object({
  PORT: whole(3000, 0, 65_535),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: address.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'begins with postgresql://' })
    .optional(),
  NEXUS_DATA_DIR: z.string().default('./data'),
  NEXTAUTH_SECRET: secret.optional(),
  ENCRYPTION_KEY: secret.optional(),
  DASHBOARD_API_KEY: secret.optional(),
  ENABLE_CLIENT_AUTH: flag(true),
  ALLOW_OPEN_PROXY: flag(false),
  CLAUDE_API_BASE_URL: address.default('https://api.anthropic.com'),
  CLAUDE_API_TIMEOUT: whole(600_000, 100, 86_400_000),
  PROXY_SERVER_TIMEOUT: whole(660_000, 100, 86_400_000),
  CREDENTIALS_DIR: z.string().default('./credentials'),
  STORAGE_ENABLED: flag(true),
  STORAGE_ADAPTER_CLEANUP_MS: whole(300_000, 1_000, 86_400_000),
  STORAGE_ADAPTER_RETENTION_MS: whole(3_600_000, 1_000, 604_800_000),
  MAX_REQUEST_BYTES: whole(33_554_432, 1_024, 1_073_741_824),
  CORS_ORIGIN: z.string().default(''),
  DEBUG: flag(false),
  DEBUG_SQL: flag(false),
  SLOW_QUERY_THRESHOLD_MS: whole(5_000, 1, 3_600_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  METRICS_TOKEN: secret.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: percentEncoded.default(''),
  OTEL_SERVICE_NAME: z.string().default('nexus-proxy'),
  ALLOW_STORED_OAUTH: flag(false),
  CLAUDE_OAUTH_TOKEN_URL: address.default('https://platform.claude.com/v1/oauth/token'),
  CLAUDE_OAUTH_CLIENT_ID: z.string().min(1).default('9d1c250a-e61b-44d9-88ed-5944d1962f5e'),
  ALLOW_PRIVATE_UPSTREAMS: networks.default(''),
  TRUSTED_PROXIES: networks.default('loopback'),
  RETENTION_DAYS: whole(0, 0, 36_500),
  ROLE: z.enum(['all', 'serve', 'proxy', 'web', 'worker']).default('all'),
  JOURNAL: flag(true),
  JOURNAL_FSYNC: z.enum(['group', 'strict']).default('group'),
  JOURNAL_MAX_BYTES: whole(2_147_483_648, 1_048_576, 1_099_511_627_776),
  JOURNAL_FULL_POLICY: z.enum(['shed', 'drop-body']).default('shed'),
  DRAIN_DELAY_MS: whole(0, 0, 600_000),
  DRAIN_TIMEOUT_MS: whole(300_000, 0, 3_600_000),
  SETUP_TOKEN: secret.optional(),
  REAUTHENTICATE_AFTER_MS: whole(600_000, 1_000, 86_400_000),
  REQUIRE_SECOND_FACTOR: z
    .string()
    .regex(/^((owner|admin|member|viewer)(\s*,\s*|$))*$/, { error: 'is a comma list of roles such as owner,admin' })
    .default(''),
  OIDC_ISSUER: address.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: secret.optional(),
  OIDC_NAME: z.string().max(60, { error: 'has 60 characters or fewer' }).default('single sign-on'),
  OIDC_EMAIL_DOMAINS: emailDomains.default(''),
  OIDC_DEFAULT_ROLE: z.enum(['member', 'viewer'], { error: 'is member or viewer' }).default('member'),
  OIDC_ONLY: flag(false),
})

type Variables = z.infer<typeof environmentSchema>

/** The environment in the product's words. Times in milliseconds, sizes in bytes; null = not set. */
export interface Env extends Variables {
  readonly publicUrl: string
  readonly corsOrigins: readonly string[]
  /** Roles whose people log in with a second factor. */
  readonly secondFactorRoles: readonly string[]
  /** Single sign-on, where it is set up. */
  readonly oidc: OidcSettings | null
  readonly nextAuthSecret: string
  readonly encryptionKey: string
  /** Names of the secrets that this start generated; said once in the log. */
  readonly generatedSecrets: readonly string[]
}

export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** What the button calls it. */
  readonly name: string
  /** People of these e-mail domains become users at their first login. */
  readonly emailDomains: readonly string[]
  readonly defaultRole: Variables['OIDC_DEFAULT_ROLE']
  /** Passwords count for owners alone. */
  readonly isOnlyWay: boolean
}

export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'EnvironmentError'
  }
}

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1'])

/** Pure: reads a set of variables; throws EnvironmentError naming every bad one. Empty string = not set. */
export function parseEnvironment(source: Record<string, string | undefined>): Variables {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const result = environmentSchema.safeParse(given)
  if (!result.success) {
    throw new EnvironmentError(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  if (!result.data.ENABLE_CLIENT_AUTH && !loopbackHosts.has(result.data.HOST) && !result.data.ALLOW_OPEN_PROXY) {
    throw new EnvironmentError([
      `ENABLE_CLIENT_AUTH=false with HOST=${result.data.HOST} would let anybody spend your account. Use HOST=127.0.0.1, or set ALLOW_OPEN_PROXY=true if that is what you want.`,
    ])
  }
  const problem = oidcProblem(result.data)
  if (problem) throw new EnvironmentError([problem])
  return result.data
}

/** Half of a single sign-on is none, and nobody would get in with OIDC_ONLY. */
function oidcProblem({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ONLY }: Variables): string | null {
  const missing = Object.entries({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }).filter(([, value]) => !value)
  if (missing.length === 0 || (missing.length === 3 && !OIDC_ONLY)) return null
  return `${missing.map(([name]) => name).join(' and ')} must be set too for single sign-on.`
}

function oidcOf(variables: Variables): OidcSettings | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = variables
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return null
  return {
    issuer: OIDC_ISSUER.replace(/\/+$/, ''),
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    name: variables.OIDC_NAME,
    emailDomains: listOf(variables.OIDC_EMAIL_DOMAINS).map((domain) => domain.replace(/^@/, '').toLowerCase()),
    defaultRole: variables.OIDC_DEFAULT_ROLE,
    isOnlyWay: variables.OIDC_ONLY,
  }
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    // Only by trying it out.
    return false
  }
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((piece) => piece.trim())
    .filter(Boolean)

/** Reads .env, NAME_FILE secrets and the generated secrets of the data directory. May write the latter. */
function loadEnvironment(): Env {
  if (typeof process.loadEnvFile === 'function') {
    try {
      process.loadEnvFile('.env')
    } catch {
      // No .env file, or one that cannot be read, which the boot says: the environment alone counts.
    }
  }
  const variables = parseEnvironment(readSecretFiles(process.env))
  const secrets = secretsOfDataDir(variables.NEXUS_DATA_DIR, {
    NEXTAUTH_SECRET: variables.NEXTAUTH_SECRET,
    ENCRYPTION_KEY: variables.ENCRYPTION_KEY,
  })
  const publicUrl = (variables.PUBLIC_URL ?? `http://localhost:${variables.PORT}`).replace(/\/+$/, '')
  // next-auth reads these two by name.
  process.env.NEXTAUTH_URL ??= publicUrl
  process.env.NEXTAUTH_SECRET = secrets.values.NEXTAUTH_SECRET
  return Object.freeze({
    ...variables,
    publicUrl,
    corsOrigins: listOf(variables.CORS_ORIGIN),
    secondFactorRoles: listOf(variables.REQUIRE_SECOND_FACTOR),
    oidc: oidcOf(variables),
    nextAuthSecret: secrets.values.NEXTAUTH_SECRET,
    encryptionKey: secrets.values.ENCRYPTION_KEY,
    generatedSecrets: secrets.generated,
  })
}

/** The environment, read once a process. */
export function env(): Env {
  return shared('env', loadEnvironment)
}
