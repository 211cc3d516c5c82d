/** A piece of a terminal's output in one look. */
interface AnsiPiece {
  readonly text: string
  readonly look: string
}

// Colours and the like; other sequences are left to cleanText.
const sgr = /\u001b\[([0-9;]*)m/g
const looks: Readonly<Record<number, string>> = {
  1: 'font-semibold',
  2: 'text-muted',
  31: 'text-danger',
  32: 'text-ok',
  33: 'text-warn',
  34: 'text-accent',
  35: 'text-chart-4',
  36: 'text-chart-3',
  90: 'text-muted',
  91: 'text-danger',
  92: 'text-ok',
  93: 'text-warn',
  94: 'text-accent',
  95: 'text-chart-4',
  96: 'text-chart-3',
}
const isColour = (code: number) => (code >= 30 && code <= 39) || (code >= 90 && code <= 97)
/** More pieces than this are shown without colours. */
const mostPieces = 2_000

/** Pure: terminal output cut where its look changes; null when there is nothing to colour. */
export function readAnsi(text: string): AnsiPiece[] | null {
  const pieces: AnsiPiece[] = []
  let codes: readonly number[] = []
  let from = 0
  for (const match of text.matchAll(sgr)) {
    pieces.push({ text: text.slice(from, match.index), look: lookOf(codes) })
    if (pieces.length > mostPieces) return null
    codes = change(codes, match[1] ?? '')
    from = match.index + match[0].length
  }
  if (pieces.length === 0) return null
  return [...pieces, { text: text.slice(from), look: lookOf(codes) }].filter((piece) => piece.text !== '')
}

function change(codes: readonly number[], given: string): readonly number[] {
  let next = codes
  for (const code of given.split(';').map(Number)) {
    // Colours by number or by parts follow these; there is no look for them.
    if (code === 38 || code === 48) return next
    if (code === 0) next = []
    else if (code === 22) next = next.filter((one) => one > 2)
    else next = [...next.filter((one) => !(isColour(one) && isColour(code))), code]
  }
  return next
}

function lookOf(codes: readonly number[]): string {
  return codes.flatMap((code) => looks[code] ?? []).join(' ')
}
