import { expect, test } from 'vitest'
import { EventTail } from './event-tail'

const isBetweenEvents = (text: string, size: number) => {
  const tail = new EventTail()
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) tail.add(bytes.subarray(at, at + size))
  return tail.isBetweenEvents
}

test.each([1, 2, 3, 5, 100])('a blank line ends an event, however it is written and cut into %i bytes', (size) => {
  for (const end of ['\n\n', '\r\n\r\n', '\r\r', '\r\n\n', '\n\r\n'])
    expect(isBetweenEvents(`event: a\ndata: é${end}`, size), JSON.stringify(end)).toBe(true)
})

test.each([1, 2, 3, 5, 100])('one end of a line does not end an event, in pieces of %i bytes', (size) => {
  for (const text of ['event: a\ndata: b\n', 'event: a\r\ndata: b\r\n', 'data: a\r', 'data: a\n\neven', 'data: é'])
    expect(isBetweenEvents(text, size), JSON.stringify(text)).toBe(false)
})

test('before the first byte nothing is cut', () => {
  expect(new EventTail().isBetweenEvents).toBe(true)
})
