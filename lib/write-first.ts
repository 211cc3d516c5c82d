import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file of 0600 unless it is there, and answers what is in it. It is whole from its first instant, and of
 * several processes that begin together all get what one of them wrote.
 */
export function writeFirst(file: string, text: string): string {
  if (!existsSync(file)) place(file, text)
  return readFileSync(file, 'utf8')
}

function place(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true })
    linkUnlessThere(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

function linkUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    if (isThere(error)) return
    // A file system without links: there the file is empty for an instant.
    writeUnlessThere(file, readFileSync(draft, 'utf8'))
  }
}

function writeUnlessThere(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if (!isThere(error)) throw error
  }
}

const isThere = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST'
