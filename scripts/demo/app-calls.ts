import type { HeaderList } from '@/lib/proxy/ports'
import { plainUsage } from './answers'
import { answeredCall, failedCall, type DemoCall, type SessionStart } from './calls'
import type { Dice } from './dice'
import { failureShare, documents, questions, tasks } from './texts'

/** An application on the SDK: one question, one answer, no history. */
export function playAppCall({ caller, atMs }: SessionStart, dice: Dice): DemoCall[] {
  const isSupport = dice.chance(0.7)
  const [question, answer] = dice.pick(questions)
  const prompt = isSupport ? question : dice.pick(documents)
  // One application still names a model that has no price.
  const model = dice.chance(0.02) ? 'claude-nova-preview' : isSupport ? 'claude-haiku-5-5' : 'claude-sonnet-4-6'
  const body = {
    model,
    max_tokens: 1_024,
    system: 'You answer customers of a software company. Be kind and short.',
    messages: [
      {
        role: 'user',
        content: isSupport
          ? prompt
          : `${prompt}\n\n${'A paragraph of the document that goes with it. '.repeat(dice.between(40, 400))}`,
      },
    ],
    stream: dice.chance(0.5),
  }
  const headers = appHeaders()
  if (dice.chance(failureShare)) return [failedCall({ caller, atMs, headers, body }, dice)]
  const content = [{ type: 'text', text: isSupport ? answer : (tasks[2]?.answer ?? answer) }] as const
  const usage = plainUsage(body, content)
  return [
    answeredCall(
      { caller, atMs, headers, body },
      { id: `msg_01${dice.hex(22)}`, model, content, stopReason: 'end_turn', usage },
      dice,
    ),
  ]
}

function appHeaders(): HeaderList {
  return [
    ['user-agent', 'Anthropic/Python 0.99.0'],
    ['content-type', 'application/json'],
    ['anthropic-version', '2023-06-01'],
    ['x-api-key', '…'],
  ]
}
