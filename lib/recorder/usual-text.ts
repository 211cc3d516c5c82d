/** Before a short name; a text that begins like this itself has it twice. */
const mark = '~'

/** Texts of a column that stand in nearly every row, stored under short names. */
class UsualTexts {
  private readonly texts: ReadonlyMap<string, string>
  private readonly names: ReadonlyMap<string, string>

  /** Names are in the database: never give one another text. */
  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts))
    this.names = new Map(Object.entries(texts).map(([name, text]) => [text, name]))
  }

  shorten<Text extends string | null | undefined>(text: Text): string | Text {
    if (!text) return text
    const name = this.names.get(text)
    if (name !== undefined) return mark + name
    return text.startsWith(mark) ? mark + text : text
  }

  spell<Text extends string | null>(stored: Text): string | Text {
    if (!stored?.startsWith(mark)) return stored
    const name = stored.slice(mark.length)
    return this.texts.get(name) ?? name
  }
}

export const contentTypes = new UsualTexts({
  j: 'application/json',
  ju: 'application/json; charset=utf-8',
  s: 'text/event-stream',
  su: 'text/event-stream; charset=utf-8',
})

/** By what rule a request found its place. */
export const linkReasons = new UsualTexts({
  a: 'continues the transcript and its answer',
  b: 'longest known beginning',
  e: 'continues the answer, history edited',
  f: 'first turn',
  g: 'same agent of the session',
  o: 'side call of the session',
  p: 'prompt of a sub-task call',
  r: 'same transcript again',
  s: 'continues a summary',
  t: 'agent id and prompt of a sub-task call',
  u: 'agent id of the session',
})
