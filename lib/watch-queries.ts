import type { PoolClient } from 'pg'
import { env } from './env'
import { log } from './log'

type Query = (...parameters: unknown[]) => unknown
type Callback = (error: unknown, ...rest: unknown[]) => unknown

const longestText = 2_000

/**
 * Tells the log of slow statements (SLOW_QUERY_THRESHOLD_MS), and of every statement with DEBUG_SQL. Values are
 * never part of it: they are what people wrote. Sees pages, the recorder and Prisma, which all come through here.
 */
export function watchQueries(client: PoolClient): void {
  const run = client.query.bind(client) as Query
  const watched: Query = (...parameters) => {
    const noteEnd = noteBegin(parameters[0])
    const callback = parameters.at(-1)
    if (typeof callback === 'function') {
      const passOn: Callback = (error, ...rest) => {
        noteEnd(error)
        return (callback as Callback)(error, ...rest)
      }
      return run(...parameters.slice(0, -1), passOn)
    }
    const answer = run(...parameters)
    if (answer instanceof Promise) answer.then(() => noteEnd(null), noteEnd)
    return answer
  }
  Object.assign(client, { query: watched })
}

function noteBegin(statement: unknown): (error: unknown) => void {
  const { DEBUG_SQL, SLOW_QUERY_THRESHOLD_MS } = env()
  const beganAt = performance.now()
  return (error) => {
    const tookMs = Math.round(performance.now() - beganAt)
    if (tookMs >= SLOW_QUERY_THRESHOLD_MS) log().warn({ tookMs, sql: textOf(statement) }, 'a slow SQL statement')
    else if (DEBUG_SQL) log().info({ tookMs, sql: textOf(statement), ...(error ? { error } : {}) }, 'a SQL statement')
  }
}

function textOf(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : (statement as { text?: unknown } | null)?.text
  return String(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestText)
}
