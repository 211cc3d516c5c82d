import { expect, it } from 'vitest'
import { roleDifference } from './role-words'

it('a member who becomes a viewer gains the numbers of every domain and loses what was said', () => {
  const { gains, loses } = roleDifference('member', 'viewer')
  expect(gains).toEqual(['see the numbers of every domain'])
  expect(loses).toContain('read what was said')
})

it('the same role changes nothing', () => expect(roleDifference('admin', 'admin')).toEqual({ gains: [], loses: [] }))
