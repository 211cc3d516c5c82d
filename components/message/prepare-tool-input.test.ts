import { expect, test } from 'vitest'
import { prepareToolInput } from './prepare-tool-input'

test.each([
  ['Bash', { command: 'ls -la', description: 'List files' }, { kind: 'code', summary: 'List files', code: 'ls -la' }],
  ['Write', { file_path: '/a.ts', content: 'x' }, { kind: 'code', summary: '/a.ts', code: 'x' }],
  [
    'Edit',
    { file_path: '/a.ts', old_string: 'a', new_string: 'b' },
    { kind: 'diff', summary: '/a.ts', edits: [{ before: 'a', after: 'b' }] },
  ],
  [
    'MultiEdit',
    { file_path: '/a', edits: [{ old_string: 'a', new_string: '' }, 7] },
    { kind: 'diff', edits: [{ before: 'a', after: '' }] },
  ],
  [
    'TodoWrite',
    { todos: [{ content: 'one', status: 'completed' }, { content: 'two' }] },
    { kind: 'todo', summary: '1 of 2 done' },
  ],
  [
    'Agent',
    { prompt: 'Look around', description: 'Explore' },
    { kind: 'prompt', summary: 'Explore', text: 'Look around' },
  ],
  ['Read', { file_path: '/etc/hosts' }, { kind: 'json', summary: '/etc/hosts' }],
])('%s is drawn in its own way', (name, input, expected) => {
  expect(prepareToolInput(name, input)).toMatchObject(expected)
})

test.each([
  ['Bash', { command: 7 }],
  ['Edit', { old_string: 1 }],
  ['TodoWrite', { todos: 'none' }],
  ['Agent', null],
  ['constructor', {}],
  ['Bash', 'half of a JSON te'],
])('an input of %s that does not look as expected is drawn as JSON', (name, input) => {
  expect(prepareToolInput(name, input)).toMatchObject({ kind: 'json', value: input })
})

test('a summary is one short line', () => {
  const { summary } = prepareToolInput('Read', { file_path: `a\nb${'c'.repeat(500)}` })
  expect(summary).not.toContain('\n')
  expect(summary.length).toBeLessThanOrEqual(160)
})
