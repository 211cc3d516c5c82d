import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { env } from './env'
import { shared } from './shared'

const secretShapes = /((?:sk-ant-|cnp_live_|cnp_test_)[A-Za-z0-9_-]{4}|Bearer\s+|[?&](?:key|token)=)[^\s"'&]+/g

/** Blanks what looks like a secret in a text that is about to leave the process. */
export function maskSecrets(text: string): string {
  return text.replace(secretShapes, '$1…')
}

function describeError(error: unknown) {
  if (!(error instanceof Error)) return maskSecrets(String(error))
  // Only these fields: error objects of HTTP and database clients carry headers and parameters.
  const code = (error as NodeJS.ErrnoException).code
  return {
    name: error.name,
    message: maskSecrets(error.message),
    code,
    stack: env().DEBUG ? maskSecrets(error.stack ?? '') : undefined,
  }
}

function makeLogger(): Logger {
  const options = {
    level: env().DEBUG ? 'debug' : env().LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return env().LOG_FORMAT === 'pretty' ? pino(options, pretty({ sync: true, colorize: true })) : pino(options)
}

/** The process's logger: one JSON object a line, secrets masked in errors. Log `{ error }`, never a body. */
export function log(): Logger {
  return shared('log', makeLogger)
}
