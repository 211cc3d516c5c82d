import { z } from 'zod'
import { plainId } from './ids'

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

/** The same for ids that are UUIDs, in either case. */
export const idChoice = choice
  .transform((ids) => ids.map((id) => (id.startsWith('!') ? `!${plainId(id.slice(1))}` : plainId(id))))
  .describe('UUIDs. `a,b`: one of these; `!a`: not this one. At most 20.')
