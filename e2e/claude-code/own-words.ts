/** Texts of the client in our words: what it recognises, and is recognised by, stays; its prose goes. */

/** Prompts and answers of ours are shorter, or begin with what they ask for. */
const longestOwn = 400
const own = /^(Use \w+ \{|You said: |Done after )/

const marks: readonly [pattern: RegExp, own: (text: string) => string][] = [
  [/^<tools-used-before-summary>/, (text) => `${element(text, 'tools-used-before-summary')}\nTools completed.`],
  [/^[^{]{1,40}\{"session_id"/, beforeArguments],
  [
    /\[SYSTEM NOTIFICATION/,
    (text) =>
      `<system-reminder>\n[SYSTEM NOTIFICATION - NOT USER INPUT]\nA task has ended.\n${element(text, 'task-notification').replace(/<note>[\s\S]*?<\/note>\n?/, '')}\n</system-reminder>`,
  ],
  [
    /^<system-reminder>This is a side question/,
    (text) =>
      `<system-reminder>This is a side question from the user.</system-reminder>${text.split('</system-reminder>').at(-1) ?? ''}`,
  ],
  [/^The user stepped away and is coming back/, firstSentence],
  [/^Describe your most recent action/, (text) => `${firstSentence(text)}\n\nSay it in short.`],
  [/^Based on the conversation transcript above/, (text) => `${firstSentence(text)}\n\n${beforeArguments(text)}`],
  [/^\[structured-output-enforce\]/, (text) => /^\[[^\]]*\]/.exec(text)?.[0] ?? ''],
  [
    /^<fork-boilerplate>/,
    (text) =>
      `<fork-boilerplate>\nDo as you are told.\n</fork-boilerplate>\n\n${/Your directive: [\s\S]*/.exec(text)?.[0] ?? ''}`,
  ],
  [/^Your response above was stopped/, firstSentence],
  [/^\s*Stage 1 does NOT apply/, () => 'Respond with <severity>N</severity> ONLY.'],
  [/^\[SUGGESTION MODE/, (text) => /^\[[^\]]*\]/.exec(text)?.[0] ?? ''],
  [/^\s*<system-reminder>/, () => '<system-reminder>\nSomething to bear in mind.\n</system-reminder>\n'],
  [
    /^CRITICAL: Respond with TEXT ONLY/,
    () =>
      'CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\n\nYour task is to create a detailed summary of the conversation so far.',
  ],
  [/^Your task is to create a detailed summary/, (text) => `${/^[^,.]*/.exec(text)?.[0] ?? ''}.`],
  [/^This session is being continued/, continuation],
  [/^<local-command-caveat>/, () => '<local-command-caveat>The client ran this itself.</local-command-caveat>\n'],
  [/^Caveat: The messages below were generated/, (text) => `${/^[^.]*/.exec(text)?.[0] ?? ''}.`],
  [
    /^<local-command-stdout>/,
    (text) => `${shortened(text).replace('</local-command-stdout>', '').trimEnd()}</local-command-stdout>`,
  ],
  [
    /^Async agent launched successfully/,
    (text) => `Async agent launched successfully.\n${/agentId: \w+/.exec(text)?.[0] ?? ''}`,
  ],
  [/\[Subagent hand-back\]/, handBack],
  [/^<session>/, (text) => `${element(text, 'session')}\n\nWrite a title.`],
  [
    /^<policy_spec>/,
    (text) => `<policy_spec>\nWhat may be run.\n</policy_spec>\n\n${/Command: .*/.exec(text)?.[0] ?? ''}`,
  ],
  [/^\s*Web page content:/, (text) => `${/^[\s\S]*\n---\n\n[^\n]*/.exec(text)?.[0] ?? ''}\n\nSay it in short.`],
  [/^Web search results for query:/, (text) => text.replace(/\n*REMINDER:[\s\S]*$/, '')],
  [/^Please write a 5-10 word title/, (text) => `${text.slice(0, 160)}\n\nRespond with the title.`],
]

export function ownText(text: string): string {
  return marks.find(([pattern]) => pattern.test(text))?.[1](text) ?? (own.test(text) ? text : shortened(text))
}

/** What a tool brought: long ones keep their beginning, so that they stay different from one another. */
export function ownResult(text: string): string {
  return marks.find(([pattern]) => pattern.test(text))?.[1](text) ?? shortened(text)
}

function firstSentence(text: string): string {
  return /^[^.?!]*[.?!]?/.exec(text)?.[0] ?? ''
}

/** What a hook asks, without what the client adds to it. */
function beforeArguments(text: string): string {
  return `${/(Condition: )?[^{\n]*(?=\{"session_id")/.exec(text)?.[0] ?? ''}{}`
}

function shortened(text: string): string {
  return text.length > longestOwn ? `${text.slice(0, 60)}… (${text.length} characters)` : text
}

function element(text: string, tag: string): string {
  return new RegExp(`<${tag}>[\\s\\S]*</${tag}>`).exec(text)?.[0] ?? ''
}

/** Opening, summary and pointer to the transcript stay, and the words by which the summary is known to end. */
function continuation(text: string): string {
  const start = text.search(/Analysis:|Summary:/)
  const ends = [
    /\n+If you need specific details/,
    /\n*Please continue the conversation/,
    /\n+Continue the conversation/,
  ]
  const found = ends.map((pattern) => text.search(pattern)).filter((at) => at >= 0)
  const end = found.length > 0 ? Math.min(...found) : text.length
  const pointer = /If you need specific details from before compaction/.exec(text)?.[0]
  const place = /read the full transcript at: \S+/.exec(text)?.[0]
  const closing = /(Please|Continue)[^.]*? the conversation from where \w+ left (off|it off)/.exec(text)?.[0]
  const after = [pointer ? `${pointer}, ${place ?? ''}` : [], closing ? `${closing}.` : []].flat()
  return [text.slice(0, start).trimEnd(), text.slice(start, end), ...after].join('\n\n')
}

function handBack(text: string): string {
  return `[Subagent hand-back]\n${/You said:[^\n]*|Done after[^\n]*/.exec(text)?.[0] ?? ''}\nagentId: ${/agentId: (\w+)/.exec(text)?.[1] ?? ''}\n${element(text, 'usage')}`
}
