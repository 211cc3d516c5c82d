import { commonPasswords } from './common-passwords'

export const passwordMinLength = 12
export const passwordMaxLength = 256

/** Words that make a password guessable here: what the product and its users are called. */
const productWords = ['nexus', 'proxy', 'claude', 'anthropic', 'dashboard']

/**
 * What is wrong with a new password, as a sentence for its field; null = nothing. Length is what counts: no rules
 * about digits or symbols, any character may be typed or pasted. Pure, runs in the browser too.
 */
export function passwordProblem(password: string, personal: readonly string[] = []): string | null {
  if (password.length < passwordMinLength) return `Use ${passwordMinLength} characters or more.`
  if (password.length > passwordMaxLength) return `Use ${passwordMaxLength} characters or fewer.`
  if (new Set(password.toLowerCase()).size < 5) return 'Use more different characters.'
  if (isGuessable(password, personal))
    return 'This password is easy to guess. Three or four unrelated words make a good one.'
  return null
}

/** Common once decoration is taken off, one short piece repeated, a run of the keyboard, or a known name plus a little. */
function isGuessable(password: string, personal: readonly string[]): boolean {
  const plain = undecorate(password)
  const piece = repeatedPiece(password.toLowerCase())
  if (commonPasswords.has(plain) || commonPasswords.has(password.toLowerCase())) return true
  if (piece.length <= password.length / 2 && (piece.length < 8 || commonPasswords.has(undecorate(piece)))) return true
  const names = [...productWords, ...personal.flatMap(words)]
  return (
    runs.some((run) => isMostly(plain, [run])) ||
    isMostly(plain, names) ||
    isMostly(password.toLowerCase(), [...runs, ...names])
  )
}

const runs = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwerty',
  'asdf',
  '1234567890',
  '0123456789',
  '9876543210',
  'abcdefghijklmnopqrstuvwxyz',
  '12345',
  '123',
  'password',
]

/** Whether fewer than six characters are left when the given words are taken out. */
function isMostly(text: string, known: readonly string[]): boolean {
  const rest = known.filter((word) => word.length >= 3).reduce((left, word) => left.replaceAll(word, ''), text)
  return rest !== text && rest.length < 6
}

const lookAlikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** Lower case, look-alike characters read as letters, digits and symbols at both ends gone. */
function undecorate(password: string): string {
  const trimmed = password
    .toLowerCase()
    .replace(/^[^a-z]+|[^a-z@$!0-9]+$/g, '')
    .replace(/[\d\W_]+$/, '')
  return [...trimmed].map((character) => lookAlikes[character] ?? character).join('')
}

/** The shortest piece that gives the text when repeated; the text itself when none does. */
function repeatedPiece(text: string): string {
  const length = (text + text).indexOf(text, 1)
  return text.slice(0, length)
}

function words(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 4)
}

/** A rough strength for the hint beside the field, 0 (refused) to 3 (strong). */
export function passwordStrength(password: string, personal: readonly string[] = []): 0 | 1 | 2 | 3 {
  if (passwordProblem(password, personal)) return 0
  const variety = new Set(password).size
  if (password.length >= 20 && variety >= 10) return 3
  return password.length >= 16 && variety >= 8 ? 2 : 1
}
