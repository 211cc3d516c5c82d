/** A line as it is drawn: long lines are cut, so that all have the same height. */
export interface DrawnLine {
  /** null = the rest of the line before. */
  readonly number: number | null
  readonly text: string
}

interface CutText {
  readonly lines: readonly DrawnLine[]
  /** Where each line of the text begins among the drawn ones. */
  readonly starts: readonly number[]
}

export const drawnWidth = 120

/** A text as lines of at most `drawnWidth` characters. Pure. */
export function cutText(text: string): CutText {
  const lines: DrawnLine[] = []
  const starts: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    starts.push(lines.length)
    for (let at = 0; at === 0 || at < line.length; at += drawnWidth) {
      lines.push({ number: at === 0 ? index + 1 : null, text: line.slice(at, at + drawnWidth) })
    }
  }
  return { lines, starts }
}

export interface Match {
  /** Among the drawn lines. */
  readonly line: number
  readonly from: number
  readonly length: number
}

const mostMatches = 2_000

/** Where a text occurs, upper and lower case alike; a match that runs over a cut is marked up to the cut. Pure. */
export function findMatches(text: string, wanted: string, { starts }: CutText): Match[] {
  if (wanted === '') return []
  const matches: Match[] = []
  const needle = wanted.toLowerCase()
  for (const [index, line] of text.split('\n').entries()) {
    const hay = line.toLowerCase()
    for (
      let at = hay.indexOf(needle);
      at >= 0 && matches.length < mostMatches;
      at = hay.indexOf(needle, at + needle.length)
    ) {
      matches.push({
        line: (starts[index] ?? 0) + Math.floor(at / drawnWidth),
        from: at % drawnWidth,
        length: wanted.length,
      })
    }
  }
  return matches
}
