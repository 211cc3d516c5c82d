import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** Of the machine, or of .cache/programs, where `npm test` and `npm run bench` fetch it if they can; null = there is none. */
export function findProgram(name: string): string | null {
  if (!spawnSync(name, ['-v']).error) return name
  const fetched = ['usr/sbin', 'usr/bin'].map((folder) => path.resolve('.cache/programs', name, folder, name))
  return fetched.find((file) => existsSync(file)) ?? null
}
