import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readPlaywright, readVitest } from './test-reports.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'nexus-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: object): string {
  const file = path.join(folder, name)
  writeFileSync(file, JSON.stringify(content))
  return file
}

const broken = { fullName: 'adds', status: 'failed', failureMessages: ['expected 3 to be 4'] }
const unit = (assertionResults: object[], more: object = {}) =>
  write('unit.json', {
    ...{ numPassedTests: 1, numFailedTests: assertionResults.length },
    testResults: [{ name: path.resolve('lib/sum.test.ts'), status: 'failed', assertionResults, ...more }],
  })

it('names a test that failed by its file, with what it said', () => {
  const result = readVitest({ report: unit([broken]), strays: 'none', code: 1 })
  expect(result).toEqual({
    ...{ passed: 1, failed: 1, secondTries: [] },
    failures: [{ title: 'lib/sum.test.ts › adds', message: 'expected 3 to be 4' }],
  })
})

it('counts a file that cannot be loaded as a failure', () => {
  const result = readVitest({ report: unit([], { message: 'no such module' }), strays: 'none', code: 1 })
  expect(result).toMatchObject({ failed: 1, failures: [{ title: 'lib/sum.test.ts', message: 'no such module' }] })
})

it('counts a run that crashed as a failure, although no test failed', () => {
  expect(readVitest({ report: 'none', strays: 'none', code: 134 })).toMatchObject({ passed: 0, failed: 1 })
})

it('names what was thrown outside of every test as a failure', () => {
  const thrown = [{ title: 'thrown outside of the tests of lib/sum.test.ts', message: 'connection lost' }]
  const report = write('unit.json', { numPassedTests: 2, numFailedTests: 0, testResults: [] })
  const result = readVitest({ report, strays: write('strays.json', { secondTries: [], thrown }), code: 1 })
  expect(result).toEqual({ passed: 2, failed: 1, failures: thrown, secondTries: [] })
})

it('names the tests that passed only when they were tried again', () => {
  const strays = write('strays.json', { secondTries: ['lib/sum.test.ts › waits'], thrown: [] })
  const report = write('unit.json', { numPassedTests: 2, numFailedTests: 0, testResults: [] })
  expect(readVitest({ report, strays, code: 0 })).toMatchObject({
    ...{ passed: 2, failed: 0, secondTries: ['lib/sum.test.ts › waits'] },
  })
})

it('tells the same of browser tests, however deep their groups are', () => {
  const spec = (title: string, status: string) => ({
    ...{ file: 'list.spec.ts', title },
    tests: [{ projectName: 'mobile', status, results: [{ error: { message: 'not visible' } }] }],
  })
  const report = write('browser.json', {
    stats: { expected: 5, flaky: 1, unexpected: 1 },
    suites: [{ specs: [spec('scrolls', 'flaky')], suites: [{ specs: [spec('opens', 'unexpected')] }] }],
  })
  expect(readPlaywright({ report, code: 1 })).toEqual({
    ...{ passed: 6, failed: 1, secondTries: ['list.spec.ts › scrolls [mobile]'] },
    failures: [{ title: 'list.spec.ts › opens [mobile]', message: 'not visible' }],
  })
})
