import { CodeSession } from './code-session'
import type { DemoCall, SessionStart } from './calls'
import type { Dice } from './dice'
import { bashStep, editStep, passed, readStep } from './steps'
import { tasks } from './texts'

const models = ['claude-opus-5-5', 'claude-opus-5-5', 'claude-sonnet-4-6'] as const

/** A developer at work on one task: prompts, tool calls and their results. */
export function playCodeSession(start: SessionStart, dice: Dice): DemoCall[] {
  const task = dice.pick(tasks)
  const session = new CodeSession(start, task.project, dice)
  session.title(start.atMs, task.prompt, task.prompt.split('.')[0] ?? '')
  const agent = session.lead(dice.pick(models))
  const { directory } = task.project
  for (const prompt of [task.prompt, ...task.followUps.slice(0, dice.between(0, task.followUps.length))]) {
    agent.ask(prompt)
    agent.use([readStep(directory, task.files[0])], task.thought)
    for (const file of task.files.slice(1)) agent.use([readStep(directory, file)])
    agent.use([bashStep(task.command, task.command.includes('vitest') ? passed(19) : task.output)])
    agent.use([editStep(directory, task.files[0])])
    agent.say(task.answer)
    agent.pause(dice.skewed(90_000))
  }
  return session.calls
}
