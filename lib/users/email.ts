const shape = /^[^\s@"(),:;<>[\\\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/

/**
 * The one spelling of an e-mail address, or null when it is none. Normalised first and checked after: a look-alike
 * of `@` or of a letter must not become one after the check.
 */
export function normaliseEmail(given: string): string | null {
  const email = given.normalize('NFKC').trim().toLowerCase()
  return email.length <= 254 && shape.test(email) && !hasControlCharacter(email) ? email : null
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => /\p{C}/u.test(character))
}
