type CsvRow = readonly (string | number | null)[]

/** RFC 4180, with CRLF. A text that a spreadsheet would run as a formula is shown as text. */
export function buildCsv(header: readonly string[], rows: readonly CsvRow[]): string {
  return csvLines([header, ...rows])
}

/** Rows without a header, for a file that is written piece by piece. */
export function csvLines(rows: readonly CsvRow[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}

/** Spreadsheets pass over space in front. */
const formula = /^(\s*[=+\-@]|[\t\r])/

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
