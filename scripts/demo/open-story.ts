import type { SessionStart } from './calls'
import type { Project } from './code-client'
import { CodeSession } from './code-session'
import type { Dice } from './dice'

const opus = 'claude-opus-5-5'

interface Opening {
  readonly project: Project
  readonly prompt: string
  readonly title: string
}

/** A session and the agent that leads it, behind the side calls that a client begins with. */
export function openStory(start: SessionStart, dice: Dice, { project, prompt, title }: Opening) {
  const session = new CodeSession(start, project, dice)
  session.side(start.atMs - 1_500, { max_tokens: 1, messages: [{ role: 'user', content: 'quota' }] }, [
    { type: 'text', text: '#' },
  ])
  session.title(start.atMs, prompt, title)
  const main = session.lead(opus)
  return { session, main, directory: project.directory }
}
