import { asArray, asRecord, type JsonRecord } from '@/lib/claude/json'

/** Where the client says it works. */
export interface Place {
  readonly projectDirectory: string | null
  readonly gitBranch: string | null
}

/** Within a line: patterns that run over line breaks take hours for a prompt of nothing else. */
const directoryPatterns = [
  /^[ \t\-*]*(?:primary |current )?working directory:[ \t]*(\S.*)$/im,
  /^[ \t\-*]*cwd:[ \t]*(\S.*)$/im,
  /<cwd>([^<\n]+)<\/cwd>/i,
]
const branchPatterns = [/^[ \t\-*]*current branch:[ \t]*(\S+)/im, /^[ \t\-*]*git branch:[ \t]*(\S+)/im]
const maxLength = 300
/** The environment stands near the top; a long history is not searched. */
const firstMessages = 4

/** Read from the environment text that coding clients send: in `system`, in system messages, or in reminders. */
export function readPlace(body: JsonRecord | null): Place {
  const texts = [
    ...textsOf(body?.system),
    ...asArray(body?.messages)
      .slice(0, firstMessages)
      .flatMap((message) => environmentTexts(asRecord(message))),
  ]
  return { projectDirectory: firstMatch(texts, directoryPatterns), gitBranch: firstMatch(texts, branchPatterns) }
}

/** What a user typed is no environment, even where it looks like one. */
function environmentTexts(message: JsonRecord | null): string[] {
  const texts = textsOf(message?.content)
  if (message?.role === 'system') return texts
  return message?.role === 'user' ? texts.filter((text) => text.trimStart().startsWith('<system-reminder>')) : []
}

function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content]
  return asArray(content).flatMap((block) => {
    const text = asRecord(block)?.text
    return typeof text === 'string' ? [text] : []
  })
}

function firstMatch(texts: readonly string[], patterns: readonly RegExp[]): string | null {
  for (const text of texts) {
    for (const pattern of patterns) {
      const found = pattern.exec(text)?.[1]?.trim()
      if (found) return found.slice(0, maxLength)
    }
  }
  return null
}
