import { writeFileSync } from 'node:fs'
import path from 'node:path'

/** A reporter of Vitest: writes the titles of tests that passed only at a second try to NEXUS_SECOND_TRIES. */
export default class SecondTriesReporter {
  titles = []

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky) this.titles.push(`${path.relative('.', test.module.moduleId)} › ${test.fullName}`)
  }

  onTestRunEnd() {
    writeFileSync(process.env.NEXUS_SECOND_TRIES, JSON.stringify(this.titles))
  }
}
