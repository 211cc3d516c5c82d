/**
 * The secret finder: keys, tokens and passwords that people paste into prompts, blanked when a conversation is shown.
 * What is stored and what is relayed stays as it was; the exact bytes can be had for a password.
 * Every pattern is linear: it begins with a fixed text, and where its run can end in vain, at the start of that run.
 */
const patterns: readonly string[] = [
  // Claude, our own client keys, OpenAI, Stripe, and others that borrowed their shape.
  'sk-ant-[a-z]{2,8}\\d{2}-(?:[A-Za-z0-9_-]{12,})',
  'cnp_(?:live|test)_(?:[A-Za-z0-9_-]{8,})',
  'sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{20,})',
  '\\bsk-(?:[A-Za-z0-9]{40,})',
  '[rs]k_(?:live|test)_(?:[A-Za-z0-9]{16,})',
  // Amazon, Google, Azure.
  '\\b(?:AKIA|ASIA)(?:[A-Z0-9]{16})\\b',
  '\\bAIza(?:[A-Za-z0-9_-]{35})',
  'AccountKey=(?:[A-Za-z0-9+/]{40,}={0,2})',
  // GitHub, GitLab, npm, PyPI, Slack, SendGrid, Hugging Face.
  '\\bgh[pousr]_(?:[A-Za-z0-9]{36,})',
  'github_pat_(?:[A-Za-z0-9_]{50,})',
  'glpat-(?:[A-Za-z0-9_-]{20,})',
  '\\bnpm_(?:[A-Za-z0-9]{36})',
  'pypi-(?:[A-Za-z0-9_-]{50,})',
  'xox[abprs]-(?:[A-Za-z0-9-]{10,})',
  '\\bSG\\.(?:[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,})',
  '\\bhf_(?:[A-Za-z0-9]{30,})',
  // Signed tokens, private keys, authorisation headers, passwords in addresses.
  '(?<![A-Za-z0-9_-])eyJ(?:[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,})',
  '-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:[^-]{20,20000})',
  '[Bb]earer\\s{1,3}(?:[A-Za-z0-9._~+/-]{20,}=*)',
]

/** A name that says what it holds. */
const secretName = 'password|passwd|secret|api_?key|access_?key|auth_?token|private_?key'
/** Such a name and its value in a text: `DB_PASSWORD=…`, `"client_secret": "…"`. */
const named = new RegExp(`((?:${secretName})["']?\\s{0,3}[:=]\\s{0,3}["']?)([^\\s"',;)}\\]<>]{8,4000})`, 'gi')
/** The same of a field of JSON. */
const secretField = new RegExp(`(?:${secretName})$`, 'i')
const oneWord = /^\S{8,4000}$/
const inAddress = /(\b[a-z][a-z0-9+]{1,15}:\/\/[^\s:/@"']{1,100}:)([^\s/@"']{3,200})(?=@)/g
const shaped = new RegExp(patterns.join('|'), 'g')

const mask = '[masked]'
/** So much of a secret stays as tells which one it was. */
const shownCharacters = 8

/** Pure: a text with its secrets blanked. */
export function maskText(text: string): string {
  return text
    .replace(shaped, (secret) => secret.slice(0, shownCharacters) + mask)
    .replace(named, (whole, name: string, value: string) => (isPlaceholder(value) ? whole : name + mask))
    .replace(inAddress, (_whole, before: string) => before + mask)
}

/** Code that reads a secret from elsewhere, an example, and what is blanked already hold none. */
function isPlaceholder(value: string): boolean {
  return /^[$<{%(]|^(?:process|os|env|config|self|this)\b|^(.)\1+$|\[masked\]|^[\w.]+\(/.test(value)
}

/** No request of use is nested as deeply; what is, can be had as exact bytes. */
const mostDepth = 200
const tooDeep = '[nested too deeply to be shown]'

/** Pure: JSON with every text in it masked; what holds no secret is handed back as it is. */
export function maskJson<T>(value: T): T {
  return maskUnknown(value, 0) as T
}

function maskUnknown(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > mostDepth) return tooDeep
  if (Array.isArray(value)) return mapKept(value, (item: unknown) => maskUnknown(item, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value)
  const masked = mapKept(entries, (entry) => maskEntry(entry, depth + 1))
  return masked === entries ? value : Object.fromEntries(masked)
}

function maskEntry(entry: readonly [string, unknown], depth: number): readonly [string, unknown] {
  const masked = isSecretField(entry) ? mask : maskUnknown(entry[1], depth)
  return masked === entry[1] ? entry : [entry[0], masked]
}

function isSecretField([name, value]: readonly [string, unknown]): boolean {
  return typeof value === 'string' && secretField.test(name) && oneWord.test(value) && !isPlaceholder(value)
}

/** `map` that hands back the very array when nothing changed. */
function mapKept<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = items.map(change)
  return changed.every((item, index) => item === items[index]) ? items : changed
}
