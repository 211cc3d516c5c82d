import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tasks } from './texts'

test('the files that the demo reads are there', () => {
  expect(tasks.flatMap(({ files }) => files).filter((file) => !existsSync(file))).toEqual([])
})
