import { z } from 'zod'

/** A filter as a query string spells it: `a,b` = one of these; `!a` = not this one. At most 20 values. */
export const choice = z
  .string()
  .max(2_000, { error: 'is at most 2000 characters' })
  .transform((text) =>
    text
      .split(',')
      .map((value) => value.trim())
      .filter(Boolean),
  )
  .refine((values) => values.length <= 20, { error: 'has at most 20 values' })
  .describe('`a,b`: one of these; `!a`: not this one. At most 20.')
