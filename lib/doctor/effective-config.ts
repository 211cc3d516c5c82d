import { environmentSchema, parseEnvironment } from '@/lib/env'
import { readSecretFiles } from '@/lib/env-secrets'
import { maskSecrets } from '@/lib/log'

/** Where a value comes from. `file` = a NAME_FILE variable. */
type Source = 'default' | 'shell' | '.env' | 'file' | 'generated'

interface ConfigLine {
  readonly name: string
  readonly value: string
  readonly source: Source
}

interface ConfigSources {
  readonly shell: Readonly<Record<string, string | undefined>>
  /** The content of the .env file. */
  readonly dotEnv: Readonly<Record<string, string | undefined>>
  /** Names of the secrets that an earlier start generated. */
  readonly generated: readonly string[]
}

const secretNames = /(SECRET|KEY|TOKEN|PASSWORD|HEADERS)$/

/** The configuration as a start would take it, secrets only counted. Throws EnvironmentError. Pure but for NAME_FILE. */
export function describeConfig({ shell, dotEnv, generated }: ConfigSources): ConfigLine[] {
  const given = { ...dotEnv, ...shell }
  const effective: Record<string, unknown> = parseEnvironment(readSecretFiles(given))
  return Object.keys(environmentSchema.shape).map((name) => {
    if (generated.includes(name) && !effective[name]) {
      return { name, value: '(generated, in secrets.json)', source: 'generated' }
    }
    const source = sourceOf(name, { shell, dotEnv, generated })
    return { name, value: shown(name, effective[name]), source }
  })
}

function sourceOf(name: string, { shell, dotEnv }: ConfigSources): Source {
  if (shell[name]) return 'shell'
  if (dotEnv[name] && shell[name] === undefined) return '.env'
  return shell[`${name}_FILE`] || dotEnv[`${name}_FILE`] ? 'file' : 'default'
}

function shown(name: string, value: unknown): string {
  if (value === undefined || value === '') return '(not set)'
  if (secretNames.test(name)) return `(set, ${String(value).length} characters)`
  return maskSecrets(String(value))
}

/** Read by something other than our own reader: Node, Next, the tools around. */
const foreignNames = /^(NODE_|NEXT_|OTEL_|NPM_|PG|TZ$|LANG$|LC_|(HTTPS?|NO|ALL)_PROXY$|NEXTAUTH_URL$|PATH$|HOME$|SSL_)/i

interface UnusedName {
  readonly name: string
  /** The variable that was probably meant. */
  readonly meant: string | null
}

/** Variables of a .env file that nobody reads: misspelt, or of an earlier product. */
export function findUnusedNames(dotEnv: Readonly<Record<string, unknown>>): UnusedName[] {
  const known = Object.keys(environmentSchema.shape)
  const isKnown = (name: string) => known.includes(name) || known.includes(name.replace(/_FILE$/, ''))
  return Object.keys(dotEnv)
    .filter((name) => !isKnown(name) && !foreignNames.test(name))
    .map((name) => ({ name, meant: closest(name, known) }))
}

const mostEdits = 3

function closest(name: string, known: readonly string[]): string | null {
  const [best] = known
    .map((candidate) => ({ candidate, edits: editDistance(name.toUpperCase(), candidate) }))
    .sort((a, b) => a.edits - b.edits)
  return best && best.edits <= mostEdits ? best.candidate : null
}

/** How many letters are to be added, removed or replaced (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
