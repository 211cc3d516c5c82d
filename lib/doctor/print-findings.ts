import { areas, type Finding, type FindingStatus } from './finding'

const marks: Record<FindingStatus, string> = { ok: '✓', warning: '!', fault: '✗', unknown: '?' }

/** The findings as text for a terminal. Pure. */
export function printFindings(findings: readonly Finding[]): string {
  const sections = areas.flatMap((area) => {
    const own = findings.filter((finding) => finding.area === area)
    return own.length === 0 ? [] : [[area, ...own.map(lineOf)].join('\n')]
  })
  return [...sections, summaryOf(findings)].join('\n\n')
}

function lineOf({ id, status, says, fix }: Finding): string {
  const code = status === 'ok' ? '' : ` [${id}]`
  return `  ${marks[status]} ${says}${code}${fix ? `\n    → ${fix}` : ''}`
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const [faults, warnings] = [count('fault'), count('warning')]
  if (faults + warnings === 0) return 'Nothing is wrong.'
  const of = (amount: number, word: string) => `${amount} ${word}${amount === 1 ? '' : 's'}`
  return `${of(faults, 'fault')}, ${of(warnings, 'warning')}.`
}
