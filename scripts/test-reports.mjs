import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root } from './steps.mjs'

/**
 * What test runners leave behind as JSON, in one shape: how many tests passed and failed, which failed and how
 * they say it, and which passed only when they were tried again.
 */

export function newReport(name) {
  const file = path.join(root, '.cache', 'reports', `${name}.json`)
  mkdirSync(path.dirname(file), { recursive: true })
  rmSync(file, { force: true })
  return file
}

export function readVitest({ report, strays, code }) {
  const { testResults: files = [], numPassedTests = 0, numFailedTests = 0 } = readJson(report) ?? {}
  // A file that cannot be loaded has no test to fail.
  const unloaded = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const { secondTries = [], thrown = [] } = readJson(strays) ?? {}
  const failures = files.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({
        title: `${relative(file.name)} › ${test.fullName}`,
        message: test.failureMessages.join('\n'),
      })),
  )
  for (const file of unloaded) failures.push({ title: relative(file.name), message: file.message })
  return sure({
    ...{ passed: numPassedTests, failed: numFailedTests + unloaded.length, code },
    ...{ failures: [...failures, ...thrown], secondTries },
  })
}

export function readPlaywright({ report, code }) {
  const { stats, suites = [] } = readJson(report) ?? {}
  const tests = suites.flatMap(testsOf)
  const failures = tests
    .filter(({ status }) => status === 'unexpected')
    .map(({ title, results }) => ({ title, message: results.at(-1)?.error?.message ?? 'no message' }))
  return sure({
    ...{ passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0, code },
    ...{ failures, secondTries: tests.filter(({ status }) => status === 'flaky').map(({ title }) => title) },
  })
}

function testsOf(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map(({ projectName, status, results }) => ({
      ...{ title: `${spec.file} › ${spec.title} [${projectName}]`, status, results },
    })),
  )
  return [...own, ...(suite.suites ?? []).flatMap(testsOf)]
}

/** A run that failed without a failed test (a crash, a time limit) counts as one failure. */
function sure({ code, ...result }) {
  return { ...result, failed: code === 0 ? result.failed : Math.max(result.failed, 1) }
}

const relative = (file) => path.relative(root, file)

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
