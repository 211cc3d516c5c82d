import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { env } from './env'
import { shared } from './shared'

// A backslash ends a secret too: in a line of JSON it belongs to the quote after it.
const keyShapes = /((?:sk-ant-|cnp_live_|cnp_test_)[A-Za-z0-9_-]{4}|Bearer\s+)[^\s"'&\\]+/g
const querySecrets = /([?&](?:key|token)=)[^\s"'&\\]+/g
const passwordsInAddresses = /(:\/\/[^\s:/@"'\\]+:)[^\s/@"'\\]+@/g

/** Blanks what looks like a secret in a text that is about to leave the process. */
export function maskSecrets(text: string): string {
  return text.replace(keyShapes, '$1…').replace(querySecrets, '$1…').replace(passwordsInAddresses, '$1…@')
}

/** The secrets of this server itself, which have no shape to know them by. */
function ownSecrets(): readonly string[] {
  const { DASHBOARD_API_KEY, METRICS_TOKEN, nextAuthSecret, encryptionKey } = env()
  const secrets = [DASHBOARD_API_KEY, METRICS_TOKEN, nextAuthSecret, encryptionKey]
  return secrets.flatMap((secret) => (secret ? [JSON.stringify(secret).slice(1, -1)] : []))
}

/**
 * The last look at a whole line, whoever wrote it and whatever they logged. The link of the first start is the one
 * secret that is printed on purpose, so secrets in a query are left to `maskSecrets`.
 */
function maskLine(line: string, own: readonly string[]): string {
  const shaped = line.replace(keyShapes, '$1…').replace(passwordsInAddresses, '$1…@')
  return own.reduce((text, secret) => text.replaceAll(secret, '…'), shaped)
}

interface DescribedError {
  name: string
  message: string
  code: string | undefined
  stack: string | undefined
  cause: DescribedError | string | undefined
}

function describeError(error: unknown): DescribedError | string {
  if (!(error instanceof Error)) return maskSecrets(String(error))
  // Only these fields: error objects of HTTP and database clients carry headers and parameters.
  const code = (error as NodeJS.ErrnoException).code
  return {
    name: error.name,
    message: maskSecrets(error.message),
    code,
    stack: env().DEBUG ? maskSecrets(error.stack ?? '') : undefined,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  }
}

function makeLogger(): Logger {
  const own = ownSecrets()
  const options = {
    level: env().DEBUG ? 'debug' : env().LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => maskLine(line, own) },
  }
  return env().LOG_FORMAT === 'pretty' ? pino(options, pretty({ sync: true, colorize: true })) : pino(options)
}

/** The process's logger: one JSON object a line, secrets masked. Log `{ error }`, never a body. */
export function log(): Logger {
  return shared('log', makeLogger)
}
