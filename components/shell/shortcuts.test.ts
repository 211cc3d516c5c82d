import { describe, expect, it } from 'vitest'
import { navItems } from './nav'
import { commandOf } from './shortcuts'

const press = (key: string, more: Partial<{ hasModifier: boolean; isTyping: boolean }> = {}) => ({
  key,
  hasModifier: false,
  isTyping: false,
  ...more,
})

describe('commandOf', () => {
  it('opens the palette with ⌘K, even while one types', () =>
    expect(commandOf(press('k', { hasModifier: true, isTyping: true }), null)).toEqual({ kind: 'palette' }))

  it('goes to a page with g and its letter', () =>
    expect(commandOf(press('r'), 'g')).toEqual({ kind: 'go', href: '/requests' }))

  it('leaves letters alone that do not follow a g', () => expect(commandOf(press('r'), null)).toBeNull())

  it('leaves everything alone while one types', () => {
    expect(commandOf(press('?', { isTyping: true }), null)).toBeNull()
    expect(commandOf(press('r', { isTyping: true }), 'g')).toBeNull()
  })

  it("leaves the browser's own shortcuts alone", () =>
    expect(commandOf(press('f', { hasModifier: true }), null)).toBeNull())

  it('gives every page a letter of its own', () =>
    expect(new Set(navItems.map((item) => item.goKey)).size).toBe(navItems.length))
})
