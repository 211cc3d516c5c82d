/** Pure: a request body (JSON text) that asks another model; every other character stays as it was. */
export function withModel(text: string, model: string): string {
  let [result, from] = ['', 0]
  for (const { start, end } of modelValues(text)) {
    result += text.slice(from, start) + JSON.stringify(model)
    from = end
  }
  return result + text.slice(from)
}

interface Span {
  readonly start: number
  readonly end: number
}

const steps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 }

/** The string values of `model` in the outermost object. */
function* modelValues(text: string): Generator<Span> {
  let depth = 0
  let before = ''
  let key = ''
  for (let at = nextToken(text, 0); at < text.length; at = nextToken(text, at)) {
    const token = text[at] ?? ''
    const end = token === '"' ? endOfString(text, at) : at + 1
    const isOuterString = token === '"' && depth === 1
    if (isOuterString && before !== ':') key = text.slice(at, end)
    if (isOuterString && before === ':' && key === '"model"') yield { start: at, end }
    depth += steps[token] ?? 0
    before = token
    at = end
  }
}

const tokens = /["{}[\],:]/g

function nextToken(text: string, from: number): number {
  tokens.lastIndex = from
  return tokens.exec(text)?.index ?? text.length
}

/** Behind its closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end + 1
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first -= 1
  return (at - first) % 2 === 1
}
