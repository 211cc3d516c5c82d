import { expect, test } from 'vitest'
import { problemsOf } from './check-docs.mjs'

test.each([
  ['a path', 'See `lib/nowhere.ts`.', 'lib/nowhere.ts'],
  ['a path with a line', 'See `lib/nowhere.ts:12`.', 'lib/nowhere.ts:12'],
  ['a link', 'See [there](nowhere.md#part).', 'nowhere.md'],
  ['an npm script', 'Type `npm run nonsense`.', 'npm run nonsense'],
])('finds %s that does not exist', (_what, text, name) => {
  expect(problemsOf('docs/page.md', text)).toEqual([expect.stringContaining(name)])
})

test.each([
  ['what exists', 'See `lib/env.ts`, `docs/`, [this](environment.md), `npm run verify` and `npm run -s verify`.'],
  ['other sites', 'See [there](https://example.com/nowhere.md).'],
  ['a pattern', 'See `lib/<room>/nowhere.ts` and `e2e/*.spec.ts`.'],
])('accepts %s', (_what, text) => {
  expect(problemsOf('docs/page.md', text)).toEqual([])
})
