import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { emailSchema } from './email-schema'
import { passwordMaxLength } from './password-rules'
import { personName } from './person-name'
import { isSetupTokenValid } from './setup-token'
import { beginAttempt, endAttempt } from './throttle'
import { createOwner, hasUsers } from './users'

export const ownerForm = z.strictObject({
  token: z.string().max(256),
  name: personName,
  email: emailSchema,
  password: z.string().max(passwordMaxLength, { error: `Use ${passwordMaxLength} characters or fewer.` }),
})

/** Checks the token and makes the first user. */
export async function setUpOwner(form: z.infer<typeof ownerForm>, address: string): Promise<void> {
  if (await hasUsers()) throw new AppError('not-found', 'The setup is done already.')
  if (!isSetupTokenValid(form.token)) {
    beginAttempt('setup', address)
    throw new AppError(
      'forbidden',
      'This setup link is wrong or has expired. Restart the server: its log shows a new one.',
    )
  }
  await createOwner({ name: form.name, email: form.email, password: form.password, address })
  endAttempt('setup')
}
