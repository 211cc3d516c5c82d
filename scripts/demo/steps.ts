import { readFileSync } from 'node:fs'

/** A call of a tool and what came of it. */
export interface Step {
  readonly name: string
  readonly input: object
  readonly result: string | readonly object[]
  readonly isError?: boolean
}

export function readStep(directory: string, file: string): Step {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => `${String(index + 1).padStart(5)}\t${line}`)
  return { name: 'Read', input: { file_path: `${directory}/${file}` }, result: lines.join('\n') }
}

export function bashStep(command: string, result: string): Step {
  return {
    name: 'Bash',
    input: { command, description: command.includes('vitest') ? 'Run the tests' : 'Look' },
    result,
  }
}

export function failedBashStep(command: string, result: string): Step {
  return { ...bashStep(command, result), isError: true }
}

export const passed = (count: number) => `\u001b[32m✓\u001b[39m ${count} tests passed (612 ms)`
export const failed = (name: string) =>
  `\u001b[31m×\u001b[39m ${name}\n  \u001b[31mAssertionError: expected 24 to be 25\u001b[39m\n\u001b[31m1 failed\u001b[39m | 18 passed`

/** A line of a real file gets a comment above it. */
export function editStep(directory: string, file: string): Step {
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .find((text) => text.startsWith('export ')) ?? ''
  const input = { file_path: `${directory}/${file}`, old_string: line, new_string: `/** Newest first. */\n${line}` }
  return { name: 'Edit', input, result: `The file ${directory}/${file} has been updated.` }
}

export function writeStep(path: string, content: string): Step {
  return { name: 'Write', input: { file_path: path, content }, result: `File created successfully at: ${path}` }
}

export function grepStep(pattern: string, lines: readonly string[]): Step {
  return { name: 'Grep', input: { pattern, path: 'lib', glob: '*.ts' }, result: lines.join('\n') }
}

export function globStep(pattern: string, files: readonly string[]): Step {
  return { name: 'Glob', input: { pattern }, result: files.join('\n') }
}

/** The first so many are done, the next one is being worked on. */
export function todoStep(items: readonly string[], done: number): Step {
  const statusAt = (index: number) => (index < done ? 'completed' : index === done ? 'in_progress' : 'pending')
  const todos = items.map((content, index) => ({ content, status: statusAt(index), activeForm: content }))
  return { name: 'TodoWrite', input: { todos }, result: 'Todos have been modified successfully.' }
}

export function mcpStep(name: string, input: object, answer: object): Step {
  return { name, input, result: [{ type: 'text', text: JSON.stringify(answer, null, 2) }] }
}
