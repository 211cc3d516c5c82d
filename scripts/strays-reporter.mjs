import { writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * A reporter of Vitest, for what its JSON leaves out: writes the titles of tests that passed only at a second try, and
 * what was thrown outside any test, to NEXUS_STRAYS.
 */
export default class StraysReporter {
  secondTries = []

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky)
      this.secondTries.push(`${path.relative('.', test.module.moduleId)} › ${test.fullName}`)
  }

  onTestRunEnd(_modules, errors) {
    const thrown = errors.map(({ message, stack, VITEST_TEST_PATH: file }) => ({
      title: `thrown outside of the tests${file ? ` of ${path.relative('.', file)}` : ''}`,
      message: stack ?? message,
    }))
    writeFileSync(process.env.NEXUS_STRAYS, JSON.stringify({ secondTries: this.secondTries, thrown }))
  }
}
