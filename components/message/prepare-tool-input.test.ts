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
  [
    'Read',
    { file_path: '/etc/hosts', offset: 10 },
    { kind: 'fields', summary: '/etc/hosts from line 10', fields: [{ name: 'file_path' }, { text: '10' }] },
  ],
  ['Grep', { pattern: 'foo.*', path: 'src', '-n': true }, { kind: 'fields', summary: 'foo.* in src' }],
  [
    'WebFetch',
    { url: 'https://example.com/a', prompt: 'Sum up' },
    { kind: 'fields', summary: 'https://example.com/a', fields: [{ url: 'https://example.com/a' }, { url: null }] },
  ],
  [
    'WebSearch',
    { query: 'weather', allowed_domains: ['a.org', 'b.org'] },
    { kind: 'fields', summary: 'weather', fields: [{}, { text: 'a.org, b.org' }] },
  ],
  ['mcp__jira__find', { query: 'bug', limit: 5 }, { kind: 'fields', summary: 'bug' }],
  ['Skill', { skill: 'review' }, { kind: 'json', summary: 'review' }],
])('%s is drawn in its own way', (name, input, expected) => {
  expect(prepareToolInput(name, input)).toMatchObject(expected)
})

test.each([
  ['Bash', { command: 7 }],
  ['Edit', { old_string: 1 }],
  ['TodoWrite', { todos: 'none' }],
  ['Agent', null],
  ['Read', { file_path: { nested: true } }],
  ['WebFetch', {}],
  ['mcp__jira__make', { issue: { title: 'x' } }],
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

test('an address that is no plain web address is never a link', () => {
  expect(prepareToolInput('WebFetch', { url: 'javascript:alert(1)' })).toMatchObject({ fields: [{ url: null }] })
})
