import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { isFull } from './size'

/** What a case was measured at: one line of the table that a run ends with. */
interface Figure {
  /** Of the catalogue, e.g. D3. */
  readonly name: string
  readonly what: string
  readonly measured: string
  readonly bar: string
}

const file = path.join('.cache', 'reports', 'faults.jsonl')

export function noteFigure(figure: Figure): void {
  appendFileSync(file, `${JSON.stringify(figure)}\n`)
  sayProgress(`${figure.name}: ${figure.what}: ${figure.measured}`)
}

/** In the full form, which takes long, a person sees that it goes on. */
export function sayProgress(text: string): void {
  if (isFull) console.log(text)
}

export function forgetFigures(): void {
  mkdirSync(path.dirname(file), { recursive: true })
  rmSync(file, { force: true })
}

export function printFigures(): void {
  if (!existsSync(file)) return
  const figures = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure)
  const rows = [{ name: 'case', what: 'fault', measured: 'measured', bar: 'bar' }, ...figures]
  const width = (key: keyof Figure) => Math.max(...rows.map((row) => row[key].length))
  const [name, what, measured] = [width('name'), width('what'), width('measured')]
  const lines = rows.map(
    (row) => `${row.name.padEnd(name)}  ${row.what.padEnd(what)}  ${row.measured.padEnd(measured)}  ${row.bar}`,
  )
  console.log(`\n${lines.join('\n')}\n`)
}
