import { z } from 'zod'

/** A name or label that people give: one line, no control characters. */
export const labelSchema = z
  .string()
  .trim()
  .max(100, { error: 'Use 100 characters or fewer.' })
  .regex(/^[^\p{Cc}]*$/u, { error: 'Use one line of text.' })

/** `claude-opus-5-5`, or with a star at its end `claude-haiku-*`. An empty list allows every model. */
export const modelListSchema = z
  .array(
    z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9][a-z0-9._:@/-]{0,99}\*?$/, { error: 'Use names such as claude-opus-5-5 or claude-haiku-*.' }),
  )
  .max(100)
  .transform((names) => [...new Set(names)])

/** Prisma's word for "this value is taken". */
export function isTaken(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'P2002'
}
