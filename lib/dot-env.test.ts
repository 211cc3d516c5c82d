import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDotEnv } from './dot-env'

let folder: string
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'nexus-dot-env-'))))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file of settings is read', () => {
  writeFileSync(path.join(folder, '.env'), 'PORT=4000\n')
  expect(readDotEnv(path.join(folder, '.env'))).toEqual({ values: { PORT: '4000' }, problem: null })
})

test('no file is no problem', () =>
  expect(readDotEnv(path.join(folder, 'none'))).toEqual({ values: {}, problem: null }))

test('a folder in the place of the file is told of, with what to do', () =>
  expect(readDotEnv(folder)).toEqual({
    values: {},
    problem: { says: expect.stringContaining('(EISDIR)'), fix: expect.stringContaining('Remove this folder') },
  }))
