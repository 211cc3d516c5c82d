import { z } from 'zod'
import { normaliseEmail } from './email'

/** An e-mail address in its one spelling. */
export const emailSchema = z
  .string()
  .transform((given) => normaliseEmail(given))
  .refine((address) => address !== null, { error: 'Enter an e-mail address such as ada@example.com.' })
