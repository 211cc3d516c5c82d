import type { DemoCall, SessionStart } from './calls'
import type { CodeAgent } from './code-session'
import type { Dice } from './dice'
import { openStory } from './open-story'
import * as step from './steps'

const plan = ['Find every place that reads the clock', 'Pass the clock in', 'Test the day with 25 hours', 'Describe it']

/** Two agents side by side, one of which calls another; one more in the background; a list of what is to do. */
export function playAgents(start: SessionStart, dice: Dice): DemoCall[] {
  const prompt = 'Our reports are an hour off on the day the clocks change. Find out why and mend it everywhere.'
  const project = { directory: '/home/dev/src/reports', branch: 'fix/clock-change' }
  const { session, main, directory } = openStory(start, dice, {
    project,
    prompt,
    title: 'Reports and the clock change',
  })
  main.ask(prompt)
  findOut(main, directory)
  mend(main, directory)
  return session.calls
}

function findOut(main: CodeAgent, directory: string): void {
  main.use([step.todoStep(plan, 0), step.globStep('lib/**/*time*.ts', ['lib/time-buckets.ts', 'lib/time-range.ts'])])
  const [readers, buckets] = main.delegate(
    [
      {
        description: 'Find readers of the clock',
        prompt: 'List every place in lib/ that reads the clock, with its reason.',
      },
      {
        description: 'Check the buckets',
        prompt: 'Check lib/time-buckets.ts: where does it assume that a day has 24 hours?',
      },
    ],
    'Two questions that have nothing to do with each other: two agents can look at the same time.',
  )
  readers.use([
    step.grepStep('Date.now|new Date', ['lib/ids.ts:9:  return Date.now()', 'lib/time-range.ts:31:  now: Date']),
  ])
  buckets.use([step.readStep(directory, 'lib/time-buckets.ts')])
  const [history] = buckets.delegate([
    {
      description: 'Look into the history',
      prompt: 'Who changed lib/time-buckets.ts last, and why? Answer in one line.',
    },
  ])
  history.use([step.bashStep('git log -1 --format=%s lib/time-buckets.ts', 'usage: days begin at local midnight')])
  history.say('One commit, “days begin at local midnight”: it mended the start of a day, not its length.')
  buckets.collect([history])
  buckets.say(
    'Days begin right. `stepsOf` divides by 86 400 000: on the long day the last hour falls into the next one.',
  )
  readers.say('Two places: `lib/ids.ts` needs the clock, `lib/time-range.ts` takes it as an argument already.')
  main.collect([readers, buckets])
}

function mend(main: CodeAgent, directory: string): void {
  main.use(
    [step.todoStep(plan, 1), step.editStep(directory, 'lib/time-buckets.ts')],
    'The length is the fault, not the start.',
  )
  const docs = 'Describe the long day'
  const [writer] = main.delegate([
    {
      description: docs,
      prompt: 'Write a paragraph for docs/usage.md on days with 23 and 25 hours.',
      isInBackground: true,
    },
  ])
  main.leaveRunning(writer)
  main.use([
    step.failedBashStep(
      'npx vitest run lib/time-buckets.test.ts',
      step.failed('a day has as many hours as the zone says'),
    ),
  ])
  writer.use([
    step.writeStep(`${directory}/docs/usage.md`, '# Usage\n\nA day has 23 or 25 hours when the clocks change.\n'),
  ])
  writer.say('Wrote docs/usage.md, one paragraph.')
  main.use(
    [step.editStep(directory, 'lib/time-range.ts')],
    'The range cuts the last hour off again. Both ends have to go by the calendar.',
  )
  main.use([step.bashStep('npx vitest run lib/time-buckets.test.ts', step.passed(20)), step.todoStep(plan, 3)])
  main.say('It is mended: days are cut by the calendar, and **26 October has 25 hours** in every report.')
  main.hearOf(writer, docs)
  main.say('The paragraph in `docs/usage.md` is there as well. Nothing is left open.')
}
