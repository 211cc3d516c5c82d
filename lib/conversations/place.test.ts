import { describe, expect, it } from 'vitest'
import { readPlace } from './place'

const placeOf = (system: string) => readPlace({ system })

describe('readPlace', () => {
  it.each([
    ['Working directory: /srv/shop', '/srv/shop'],
    ['<env>\n  - Primary working directory: /srv/my shop \nToday', '/srv/my shop'],
    ['* cwd:\t/srv/shop', '/srv/shop'],
    ['<cwd>/srv/shop</cwd>', '/srv/shop'],
    ['The working directory: see below', null],
    ['Working directory:\n/srv/shop', null],
  ])('finds the directory in %j', (system, expected) => expect(placeOf(system).projectDirectory).toBe(expected))

  it('finds the branch', () => expect(placeOf('Current branch: main\n\nMore').gitBranch).toBe('main'))

  it.each(['\n', ' ', '-', '\t\n', 'cwd:\n', '<cwd>', 'current branch: \n'])(
    'comes through a megabyte of %j, which a quadratic pattern would not in hours',
    (piece) => expect(placeOf(piece.repeat(1_000_000 / piece.length)).gitBranch).toBeNull(),
  )
})
