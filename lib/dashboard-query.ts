import { dashboardPool } from './db'
import { AppError } from './errors'

const queryCanceled = '57014'

/** Rows for a page or the API. A query that takes too long becomes an answer the reader can act on. */
export async function queryRows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  try {
    const { rows } = await dashboardPool().query<Row>(sql, [...parameters])
    return rows
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== queryCanceled) throw cause
    throw new AppError(
      'unavailable',
      'This took the database too long. Choose a shorter time range or fewer filters.',
      { cause },
    )
  }
}

/** Adds a value to those of a statement and answers its placeholder. */
export type Parameter = (value: unknown) => string

/** Collects the parameters of a statement. */
export function collectParameters(given: readonly unknown[] = []): { parameters: unknown[]; parameter: Parameter } {
  const parameters = [...given]
  return { parameters, parameter: (value) => `$${parameters.push(value)}` }
}
