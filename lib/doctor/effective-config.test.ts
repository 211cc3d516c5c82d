import { describe, expect, it } from 'vitest'
import { describeConfig, findUnusedNames } from './effective-config'

const secret = 'a-dashboard-key-0123456789'

function lineOf(name: string, sources: Partial<Parameters<typeof describeConfig>[0]>) {
  const lines = describeConfig({ shell: {}, dotEnv: {}, generated: [], ...sources })
  return lines.find((line) => line.name === name)
}

describe('the effective configuration', () => {
  it('says of each value where it comes from, the shell before .env before the default', () => {
    expect(lineOf('PORT', {})).toEqual({ name: 'PORT', value: '3000', source: 'default' })
    expect(lineOf('PORT', { dotEnv: { PORT: '4000' } })).toMatchObject({ value: '4000', source: '.env' })
    const both = { dotEnv: { PORT: '4000' }, shell: { PORT: '5000' } }
    expect(lineOf('PORT', both)).toMatchObject({ value: '5000', source: 'shell' })
  })

  it('never shows a secret', () => {
    const shell = { DASHBOARD_API_KEY: secret, DATABASE_URL: 'postgresql://nexus:hunter2@db.example.com/nexus' }
    const text = JSON.stringify(describeConfig({ shell, dotEnv: {}, generated: ['ENCRYPTION_KEY'] }))
    expect(text).not.toMatch(new RegExp(`${secret}|hunter2`))
    expect(text).toContain('(set, 26 characters)')
    expect(text).toContain('postgresql://nexus:…@db.example.com/nexus')
    expect(text).toContain('(generated, in secrets.json)')
  })

  it('names every variable that is not usable', () => {
    expect(() => describeConfig({ shell: { PORT: 'x', DEBUG: 'maybe' }, dotEnv: {}, generated: [] })).toThrow(
      /PORT[^]*DEBUG/,
    )
  })
})

describe('the names in a .env file', () => {
  it('are known when they are our own, those of files or those of Node', () => {
    expect(findUnusedNames({ PORT: '1', ENCRYPTION_KEY_FILE: '/k', NODE_OPTIONS: '', HTTPS_PROXY: '' })).toEqual([])
  })

  it('are compared with the ones that may have been meant', () => {
    expect(findUnusedNames({ RETENTION_DAY: '1', TELEMETRY: '0' })).toEqual([
      { name: 'RETENTION_DAY', meant: 'RETENTION_DAYS' },
      { name: 'TELEMETRY', meant: null },
    ])
  })
})
