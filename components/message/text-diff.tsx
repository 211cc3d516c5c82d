import { diffLines } from 'diff'
import { cn } from '@/components/ui/cn'
import { cleanText } from './clean-text'

interface DiffLine {
  readonly sign: '+' | '-' | ' '
  readonly text: string
}

/** Line by line; two texts that differ too much to compare quickly are shown one after the other. */
function diffOf(before: string, after: string): DiffLine[] {
  const changes = diffLines(before, after, { maxEditLength: 1_000, timeout: 100 }) ?? [
    { value: before, removed: true },
    { value: after, added: true },
  ]
  return changes.flatMap(({ value, added, removed }) => {
    const lines = value.replace(/\n$/, '').split('\n')
    return value === '' ? [] : lines.map((text) => ({ sign: added ? '+' : removed ? '-' : ' ', text }) as const)
  })
}

const looks = { '+': 'bg-ok-fill text-ok', '-': 'bg-danger-fill text-danger', ' ': 'text-secondary' }

export function TextDiff({ before, after }: { before: string; after: string }) {
  return (
    <pre tabIndex={0} className="overflow-x-auto rounded-control border border-line font-mono text-table">
      {diffOf(before, after).map((line, index) => (
        <div key={index} className={cn('px-2 whitespace-pre-wrap', looks[line.sign])}>
          {line.sign} {cleanText(line.text)}
        </div>
      ))}
    </pre>
  )
}
