import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { buildCurl } from './build-curl'

const source = {
  method: 'POST',
  url: 'http://127.0.0.1:3000/v1/messages?beta=true',
  headers: {
    host: 'old.example.com',
    authorization: '[removed]',
    'x-api-key': 'sk-ant-canary',
    'content-length': '12',
    'anthropic-version': '2023-06-01',
  },
  body: `{"text":"it's $HOME \`id\` \\n"}`,
  bodyFile: 'request.json',
}

/** What the shell makes of the command: its arguments. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  return execFileSync('sh', ['-c', script], { env: { NODE_ENV: 'test', NEXUS_CLIENT_KEY: 'cnp_test_1', HOME: '/h' } })
    .toString()
    .split('\0')
    .slice(0, -1)
}

test('the shell hands curl the same call, letter by letter, with the key of the environment', () => {
  expect(argumentsOf(buildCurl(source))).toEqual([
    'http://127.0.0.1:3000/v1/messages?beta=true',
    ...['-X', 'POST'],
    ...['-H', 'Authorization: Bearer cnp_test_1'],
    ...['-H', 'anthropic-version: 2023-06-01'],
    ...['--data-binary', source.body],
  ])
})

test('no recorded credential gets into the command', () => {
  expect(buildCurl(source)).not.toContain('canary')
})

test('a body that does not fit is read from a file, and no body is none', () => {
  expect(buildCurl({ ...source, body: null })).toContain(`--data-binary '@request.json'`)
  expect(buildCurl({ ...source, body: '' })).not.toContain('--data-binary')
})
