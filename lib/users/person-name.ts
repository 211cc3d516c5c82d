import { z } from 'zod'

/** What a person is called: any script, no control or invisible characters, at most 80 characters. */
export const personName = z
  .string()
  .transform((name) => name.normalize('NFC').trim())
  .refine((name) => name.length >= 1, { error: 'Enter a name.' })
  .refine((name) => name.length <= 80, { error: 'Use 80 characters or fewer.' })
  .refine((name) => !/\p{C}/u.test(name), { error: 'Use visible characters only.' })
