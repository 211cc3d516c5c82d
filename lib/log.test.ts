import { expect, it } from 'vitest'
import { maskSecrets } from './log'

const cases: [what: string, text: string, masked: string][] = [
  ['a key of Claude', 'with sk-ant-api03-abcdef it failed', 'with sk-ant-api0… it failed'],
  ['a client key', '{"key":"cnp_live_abcdefgh"}', '{"key":"cnp_live_abcd…"}'],
  ['a bearer token', 'Authorization: Bearer abc.def', 'Authorization: Bearer …'],
  ['a key in an address', 'GET /v1/models?key=abc&beta=true', 'GET /v1/models?key=…&beta=true'],
  ['a password of the database', 'postgresql://nexus:p%40ss@db:5432/nexus', 'postgresql://nexus:…@db:5432/nexus'],
  [
    'a key inside of quoted JSON',
    String.raw`{"body":"{\"k\":\"sk-ant-api03-abcdef\"}"}`,
    String.raw`{"body":"{\"k\":\"sk-ant-api0…\"}"}`,
  ],
  ['nothing', 'https://nexus.example.com:8080/requests', 'https://nexus.example.com:8080/requests'],
]

it.each(cases)('%s is blanked and the rest stays', (_what, text, masked) => {
  expect(maskSecrets(text)).toBe(masked)
})
