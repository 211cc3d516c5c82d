import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

export interface DotEnv {
  readonly values: Readonly<Record<string, string | undefined>>
  /** Why what is there cannot be read, and what to do; null = it was read, or there is none. */
  readonly problem: DotEnvProblem | null
}

interface DotEnvProblem {
  readonly says: string
  readonly fix: string
}

/** The file of settings in the folder of the program. One that cannot be read ends nothing, but has to be told of. */
export function readDotEnv(file = '.env'): DotEnv {
  try {
    return { values: parseEnv(readFileSync(file, 'utf8')), problem: null }
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    return { values: {}, problem: code === 'ENOENT' ? null : problemOf(code) }
  }
}

function problemOf(code: string): DotEnvProblem {
  const fix =
    code === 'EISDIR'
      ? 'Remove this folder, put a file in its place (Docker makes a folder of a file that is mounted and does not exist), and restart.'
      : 'Let the user of the server read it (chown, chmod 600 .env), and restart.'
  return { says: `.env is there and cannot be read (${code}): none of its settings holds.`, fix }
}
