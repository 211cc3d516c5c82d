import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { credentialFileEnding, CredentialFileError, readCredentialFile } from '@/lib/accounts/credential-file'
import { credentialFileProblems } from '@/lib/accounts/credential-files'
import { judgeClientKey } from '@/lib/clients/client-key'
import { env } from '@/lib/env'
import { findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Accounts')

/** Whether each credential file can be used, and is for the server's eyes only. */
export async function checkCredentialFiles(): Promise<Finding[]> {
  const folder = path.resolve(env().CREDENTIALS_DIR)
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith(credentialFileEnding))
  const checked = await Promise.all(files.map((name) => checkFile(folder, name)))
  const findings = [...checked.flat(), ...misnamed(names), ...refusedByImport()]
  if (findings.length > 0) return onePerFile(findings)
  return [
    ok(
      'credential-files',
      files.length === 0
        ? `No credential file in ${folder}.`
        : `Every credential file in ${folder} is usable (${files.length}).`,
    ),
  ]
}

async function checkFile(folder: string, name: string): Promise<Finding[]> {
  const file = path.join(folder, name)
  try {
    const { clientKey } = readCredentialFile(name, await readFile(file, 'utf8'), env().ALLOW_STORED_OAUTH)
    const { mode } = await stat(file)
    const isPrivate = (mode & 0o077) === 0 || process.platform === 'win32'
    return [...(isPrivate ? [] : [readableByOthers(file, mode)]), ...mistypedKey(name, clientKey)]
  } catch (error) {
    const problem =
      error instanceof CredentialFileError
        ? error.message
        : `It cannot be read (${(error as NodeJS.ErrnoException).code}).`
    return [unusable(name, problem)]
  }
}

function unusable(name: string, problem: string): Finding {
  const fix = `Correct ${name}; it counts a moment after it is saved. docs/troubleshooting.md shows what belongs in it.`
  return fault({ id: 'credential-file', says: `Credential file ${name} is not used. ${problem}`, fix })
}

function readableByOthers(file: string, mode: number): Finding {
  const says = `${file} can be read by other users of this machine (mode ${(mode & 0o777).toString(8)}).`
  return warning({ id: 'credential-file-readable', says, fix: `chmod 600 ${file}` })
}

/** It works, but not for the client that has the key as it was made. */
function mistypedKey(name: string, clientKey: string | null): Finding[] {
  if (clientKey === null || judgeClientKey(clientKey) !== 'mistyped') return []
  const says = `The client_api_key of ${name} is a generated key with a letter wrong: its checksum does not fit.`
  return [
    warning({
      id: 'client-key-mistyped',
      says,
      fix: 'Copy the whole key again, as npm run auth:generate-key printed it.',
    }),
  ]
}

function misnamed(names: readonly string[]): Finding[] {
  return names
    .filter((name) => name.endsWith('.json') && !name.endsWith(credentialFileEnding))
    .map((name) => {
      const says = `${name} in the credentials folder is not looked at, because of its name.`
      const fix = `Call it ${name.replace(/(\.credentials?)?\.json$/, '')}${credentialFileEnding}.`
      return warning({ id: 'credential-file-name', says, fix })
    })
}

/** What only the running server knows: files that contradict each other or the database. */
function refusedByImport(): Finding[] {
  return credentialFileProblems().map(({ file, problem }) => unusable(file, problem))
}

function onePerFile(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ says }, index) => findings.findIndex((other) => other.says === says) === index)
}
