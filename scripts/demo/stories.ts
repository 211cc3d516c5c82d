import { databaseTools, issueTools, codeTools } from './code-client'
import { playAgents } from './agents-story'
import { openStory } from './open-story'
import type { DemoCall, SessionStart } from './calls'
import type { Dice } from './dice'
import * as step from './steps'
import { chart, summaryOfMove, webPage } from './story-texts'

/** Sessions that show what a conversation can be; each says how long before now it begins. */
interface Story {
  readonly beforeMinutes: number
  readonly play: (start: SessionStart, dice: Dice) => DemoCall[]
}

export const stories: readonly Story[] = [
  { beforeMinutes: 55, play: playAgents },
  { beforeMinutes: 130, play: playTakenBack },
  { beforeMinutes: 240, play: playCompaction },
  { beforeMinutes: 330, play: playPicture },
  { beforeMinutes: 420, play: playBadDay },
]

const minuteMs = 60_000

/** The first way is given up half-way: the developer goes back and says it otherwise. */
function playTakenBack(start: SessionStart, dice: Dice): DemoCall[] {
  const prompt = 'The export of invoices takes four minutes. Make it fast.'
  const project = { directory: '/home/dev/src/invoices', branch: 'perf/export' }
  const { session, main, directory } = openStory(start, dice, { project, prompt, title: 'A faster export of invoices' })
  main.ask(prompt)
  main.use([step.readStep(directory, 'lib/csv.ts'), step.grepStep('toCsv', ['app/api/usage/export/route.ts:14'])])
  main.say('The export builds the whole file in memory. I can cache it, or stream it. Which do you want?')
  const fork = main.length
  main.ask('Cache it for an hour.')
  main.use([
    step.writeStep(`${directory}/lib/export-cache.ts`, 'export const exportCache = new Map<string, string>()\n'),
  ])
  main.use([step.failedBashStep('npm test', step.failed('an invoice that was paid is in the next export'))])
  main.use(
    [step.editStep(directory, 'lib/csv.ts')],
    'The cache must go when an invoice changes. That touches eleven places.',
  )
  main.interrupt(
    'I will now go through the eleven places that change an invoice, and in each of them clear the cache of the month and of',
  )
  main.pause(3 * minuteMs)
  main.goBackTo(fork)
  main.ask('No cache after all: stream it, row by row.')
  main.use(
    [step.editStep(directory, 'lib/csv.ts')],
    'A cursor and a stream: memory stays flat, and the first row is there at once.',
  )
  main.use([step.bashStep('npx vitest run lib/csv.test.ts', step.passed(9))])
  main.say(
    'Rows are streamed now:\n\n| | before | after |\n|---|---:|---:|\n| first row | 231 s | 0.2 s |\n| memory | 1.4 GB | 38 MB |',
  )
  return session.calls
}

/** So much was read that the client sums it up and goes on from there. */
function playCompaction(start: SessionStart, dice: Dice): DemoCall[] {
  const prompt = 'Move the settings page to the new form components, file by file.'
  const project = { directory: '/home/dev/src/dashboard', branch: 'refactor/settings-forms' }
  const { session, main, directory } = openStory(start, dice, { project, prompt, title: 'Settings on the new forms' })
  main.ask(prompt)
  const files = [
    'lib/env.ts',
    'lib/log.ts',
    'lib/http.ts',
    'lib/money.ts',
    'lib/format.ts',
    'lib/time-range.ts',
    'lib/csv.ts',
  ]
  for (const file of files) {
    main.use([step.readStep(directory, file), step.readStep(directory, file.replace('.ts', '.test.ts'))])
    main.use([step.editStep(directory, file)])
  }
  main.say('Seven files are moved. The page itself and its tests are left.')
  main.pause(2 * minuteMs)
  main.compact(summaryOfMove, 'Go on with the page itself.')
  main.use([step.readStep(directory, 'lib/format.ts')])
  main.use(
    [step.editStep(directory, 'lib/format.ts')],
    'The page only draws; what it needs of the old form is two helpers.',
  )
  main.use([step.bashStep('npx vitest run', step.passed(112))])
  main.say('The page is on the new components, and nothing imports the old ones any more.')
  return session.calls
}

/** A picture, tools of MCP servers, the web; and a cache that is lost twice. */
function playPicture(start: SessionStart, dice: Dice): DemoCall[] {
  const prompt = 'Why are the two bars of yesterday red and so short? Issue 214 is about it.'
  const project = { directory: '/home/dev/src/dashboard', branch: 'main' }
  const { session, main, directory } = openStory(start, dice, { project, prompt, title: 'Two red bars' })
  main.tools = [...codeTools, ...issueTools]
  main.ask(prompt, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: chart } })
  const issue = { number: 214, title: 'Two hours without traffic', state: 'open', labels: ['dashboard'], comments: 3 }
  main.use(
    [step.mcpStep('mcp__github__get_issue', { owner: 'example', repo: 'dashboard', number: 214 }, issue)],
    'The picture shows hours 8 and 9 in red, at about a fifth of their neighbours.',
  )
  main.use([step.readStep(directory, 'lib/time-buckets.ts')])
  main.say(
    'Those hours have few requests, and most of them failed. I need the figures: is there access to the database?',
  )
  // Nobody was there for longer than the cache lives.
  main.pause(26 * minuteMs)
  main.ask('Yes, I have just connected it.')
  main.tools = [...main.tools, ...databaseTools]
  const sql = 'SELECT status, count(*) FROM requests WHERE hour BETWEEN 8 AND 9 GROUP BY status'
  main.use([
    step.mcpStep(
      'mcp__postgres__query',
      { sql },
      {
        rows: [
          { status: 200, count: 61 },
          { status: 529, count: 418 },
        ],
      },
    ),
  ])
  session.side(main.nowMs, searchCall('status 529 overloaded_error'), searchAnswer(dice))
  main.use([
    {
      name: 'WebSearch',
      input: { query: 'status 529 overloaded_error' },
      result: 'Errors — API documentation: https://docs.example.com/errors',
    },
    {
      name: 'WebFetch',
      input: { url: 'https://docs.example.com/errors', prompt: 'What does 529 mean?' },
      result: webPage,
    },
  ])
  main.model = 'claude-sonnet-4-6'
  main.ask('Thanks. Open a pull request that says so on the page.')
  main.use([step.editStep(directory, 'lib/format.ts')])
  const request = { title: 'Say why an hour is red', head: 'say-why', body: 'Closes #214.' }
  main.use([
    step.mcpStep('mcp__github__create_pull_request', request, { number: 215, url: 'https://git.example.com/215' }),
  ])
  main.say(
    '[Pull request 215](https://git.example.com/215) is open: the tooltip of a red bar now names its most frequent error.',
  )
  return session.calls
}

function searchCall(query: string) {
  return {
    tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }],
    messages: [{ role: 'user', content: `Perform a web search for the query: ${query}` }],
  }
}

function searchAnswer(dice: Dice) {
  const id = `srvtoolu_01${dice.hex(22)}`
  const found = {
    type: 'web_search_result',
    title: 'Errors — API documentation',
    url: 'https://docs.example.com/errors',
  }
  return [
    { type: 'server_tool_use', id, name: 'web_search', input: { query: 'status 529 overloaded_error' } },
    { type: 'web_search_tool_result', tool_use_id: id, content: [{ ...found, page_age: 'March 4, 2026' }] },
    { type: 'text', text: '529 means that the service is overloaded for the moment: try again after a pause.' },
  ] as const
}

/** The upstream is overloaded, tests fail, and the developer gives up for the day. */
function playBadDay(start: SessionStart, dice: Dice): DemoCall[] {
  const prompt = 'The nightly job failed. Look at its log and restart what has to be restarted.'
  const project = { directory: '/srv/jobs', branch: 'main' }
  const { session, main } = openStory(start, dice, { project, prompt, title: 'The nightly job failed' })
  main.ask(prompt)
  main.meetOverload(3)
  main.use([
    step.failedBashStep(
      'journalctl -u nightly --since today',
      'Hint: You are not in the group that may read the journal.\nExit code 1',
    ),
  ])
  main.use([
    step.bashStep(
      'tail -3 /var/log/nightly.log',
      '02:00:01 begin\n02:14:37 \u001b[31mERROR\u001b[39m disk quota exceeded\n02:14:37 end (1)',
    ),
  ])
  main.meetOverload(2)
  main.use([step.bashStep('df -h /srv', 'Filesystem  Size  Used Avail Use%\n/dev/sdb1   200G  200G  1.1M 100%')])
  main.say(
    'The disk is full: 200 GB of 200 GB. I have restarted nothing. May I delete the exports that are older than a year?',
  )
  main.ask('Wait, show me first which ones.')
  main.interrupt('These are the exports that are older than a year, the largest first: ')
  return session.calls
}
