import { refusedField } from '@/lib/errors'
import { passwordProblem } from './password-rules'

/** Refuses a password that the rules refuse, naming the field. */
export function requireGoodPassword(password: string, personal: readonly string[], field = 'password'): void {
  const problem = passwordProblem(password, personal)
  if (problem) throw refusedField(field, problem)
}
