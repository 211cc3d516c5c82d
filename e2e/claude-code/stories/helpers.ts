import { isHello, isTitle, type Story } from './story'

/** The whole history again with a question that nobody answers: what might be typed next, a question aside, a name. */
export const helpers: Story = {
  name: 'helpers',
  calls: [
    'session-title',
    'first-turn',
    'second-turn',
    'suggestion',
    'side-question',
    'session-name',
    'third-turn',
    'next-suggestion',
    'fourth-turn',
    'last-suggestion',
  ],
  isLeftOut: isHello,
  async play(scene) {
    const env = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: undefined, CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: '1' }
    const claude = await scene.open({ env })
    const terminal = await scene.openTerminal(claude, 'Say one thing.')
    await scene.fake.waitFor((exchange) => isTitle(exchange) && exchange.response.finished, 45_000)
    await scene.answered('Say one thing.')
    await terminal.enter('Say two things.')
    await scene.answered('[SUGGESTION MODE')
    await terminal.enter('/btw What is a proxy?')
    await scene.answered('What is a proxy?')
    await terminal.chooseWith('\u001b')
    await terminal.enter('/rename')
    await scene.fake.waitFor(({ body }) => body.includes('<conversation>'), 30_000)
    await terminal.enter('Say three things.')
    await scene.answeredTimes('[SUGGESTION MODE', 2)
    await terminal.enter('Say four things.')
    await scene.answeredTimes('[SUGGESTION MODE', 3)
    await terminal.close()
  },
}
