import type { Project } from './code-client'

/** What the people and models of the demo say. */

interface Task {
  readonly project: Project
  readonly prompt: string
  readonly followUps: readonly string[]
  /** Files of this repository that are read on the way. */
  readonly files: readonly [string, ...string[]]
  readonly command: string
  /** What the command prints, where it runs no test. */
  readonly output: string
  readonly thought: string
  readonly answer: string
}

/** So many calls fail, in every kind of work. */
export const failureShare = 0.025

export const tasks: readonly Task[] = [
  {
    project: { directory: '/home/dev/src/nexus-proxy', branch: 'fix/slow-list' },
    prompt: 'The list of requests is slow with a million rows. Find out why and fix it.',
    followUps: ['Does the filter on status use the index too?', 'Write a test that would have caught it.'],
    files: ['lib/requests/list-requests.ts', 'lib/requests/request-filter.ts', 'lib/ids.ts'],
    command: 'npx vitest run --project db lib/requests/list-requests.db.test.ts',
    output: '',
    thought:
      'OFFSET reads and throws away every row before the page. The ids sort by time, so a cursor on the id is enough.',
    answer:
      '## What was slow\n\nThe list used `OFFSET`, so page 200 read 10 000 rows to show 50.\n\n## What I changed\n\n1. **Keyset pagination**: `request_id < $cursor ORDER BY request_id DESC LIMIT 51`.\n2. The time range becomes a bound on `request_id`, so Postgres skips whole partitions.\n\n| page | before | after |\n|---|---:|---:|\n| first | 41 ms | 6 ms |\n| 200th | 1 900 ms | 7 ms |\n\nAll 19 tests pass.',
  },
  {
    project: { directory: '/home/dev/src/nexus-proxy', branch: 'feature/time-zones' },
    prompt: 'Add a time zone to the usage chart. It should follow the address of the page.',
    followUps: ['What happens on the day the clocks change?', 'Also show the zone next to the range.'],
    files: ['lib/time-buckets.ts', 'lib/time-range.ts'],
    command: 'npx vitest run lib/time-buckets.test.ts',
    output: '',
    thought: 'A day has 23 or 25 hours twice a year, so buckets of a day must not be a fixed number of milliseconds.',
    answer:
      "The zone is now in the address (`?tz=Europe/Paris`) and days begin at local midnight.\n\n- Days are cut with the calendar, not with 86 400 000 ms, so **26 October has 25 hours**.\n- An unknown zone falls back to UTC instead of breaking the page.\n\n```ts\nexport function nextStart(start: Date, bucket: TimeBucket): Date {\n  if (bucket.unit === 'step') return new Date(start.getTime() + bucket.lengthMs)\n  return plainDate(addDays(new TZDate(start, bucket.timeZone), 1))\n}\n```",
  },
  {
    project: { directory: '/home/dev/src/http-helpers', branch: 'main' },
    prompt: 'Review the error handling of our HTTP helpers. Is anything swallowed?',
    followUps: ['Fix the second point.', 'Is there a test for a body that is not JSON?'],
    files: ['lib/http.ts', 'lib/errors.ts', 'lib/log.ts'],
    command: 'grep -rn "catch {" lib --include=*.ts | head -20',
    output: 'lib/http.ts:52:  } catch (cause) {\nlib/log.ts:14:  } catch {',
    thought: 'Each empty catch needs a reason. I should look at every one rather than guess from the names.',
    answer:
      'I looked at all 14 `catch` blocks. Two deserve attention:\n\n1. `parseJson` keeps the cause, good, but the message does not name the content type.\n2. `errorResponse` logs internal errors once; callers must not log them again.\n\n> Nothing is swallowed without a reason.\n\n- [x] every empty `catch` has a comment\n- [ ] message names the content type',
  },
  {
    project: { directory: '/home/dev/src/nexus-proxy', branch: 'main' },
    prompt: 'Explain how the recorder survives a crash. I am new here.',
    followUps: ['And when the disk is full?'],
    files: ['lib/journal/journal.ts', 'lib/recorder/exchange.ts'],
    command: 'ls -la data/journal | head',
    output: 'total 12\n-rw------- 1 dev dev 8192 0000000012.journal',
    thought: 'Start from the promise: what was forwarded is recorded. Then the journal, then the next start.',
    answer:
      'Before the first byte is relayed, a **begin** frame is in the journal; after the last, an **end** frame. When the process dies in between, the next start takes over the journal:\n\n1. frames with a good checksum become rows,\n2. a begin without an end becomes `interrupted`,\n3. rows are written once, by request id.\n\nSo a crash loses nothing that was forwarded.',
  },
]

export const questions: readonly (readonly [question: string, answer: string])[] = [
  [
    'How do I change the e-mail address of my account?',
    'Open **Settings → Profile**, enter the new address and confirm it with the link that we send you.',
  ],
  [
    'My invoice of October shows two seats too many.',
    'I am sorry about that. I have opened a correction for two seats; the new invoice arrives within two working days.',
  ],
  ['Can I export my data as CSV?', 'Yes: **Reports → Export → CSV**. Exports above 50 000 rows are sent by e-mail.'],
  ['Is there a dark mode?', 'Yes. It follows your system; you can also choose it in the menu at the top right.'],
  [
    'The app says "quota exceeded" although we are below our limit.',
    'The limit is per hour, not per day. Your team sent 1 204 calls between 14:00 and 15:00; the limit is 1 000.',
  ],
]

export const documents: readonly string[] = [
  'Summarise the meeting notes in five bullet points and list who does what.',
  'Classify these 40 support tickets by product area and urgency. Answer as JSON.',
  'Translate the release notes to French and German; keep the code as it is.',
  'Extract every date, amount and party from the contract.',
]
