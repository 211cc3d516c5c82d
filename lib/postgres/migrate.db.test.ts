import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEmptyDatabase } from '@/lib/testing/test-database'
import { migrate, missingMigrations } from './migrate'

describe('migrate', () => {
  let directory: string
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>
  let pool: Pool

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'nexus-migrations-'))
    database = await createEmptyDatabase()
    pool = new Pool({ connectionString: database.url })
    await write('1_fruit', "CREATE TABLE fruit (name text PRIMARY KEY);\nINSERT INTO fruit VALUES ('apple');")
    await write('2_colour', 'ALTER TABLE fruit ADD COLUMN colour text;')
  })

  afterEach(async () => {
    await pool.end()
    await database.drop()
    await rm(directory, { recursive: true })
  })

  async function write(name: string, sql: string) {
    await mkdir(path.join(directory, name), { recursive: true })
    await writeFile(path.join(directory, name, 'migration.sql'), sql)
  }

  const run = () => migrate(database.url, { directory })
  const missing = () => missingMigrations(pool, { directory })

  test('applies every migration in name order', async () => {
    expect(await run()).toEqual({ applied: ['1_fruit', '2_colour'], unknown: [] })
    expect((await pool.query('SELECT * FROM fruit')).rows).toEqual([{ name: 'apple', colour: null }])
  })

  test('applies nothing the second time', async () => {
    await run()
    expect(await run()).toEqual({ applied: [], unknown: [] })
  })

  test('applies only what was added since', async () => {
    await run()
    await write('3_more', "INSERT INTO fruit VALUES ('pear', 'green')")
    expect((await run()).applied).toEqual(['3_more'])
  })

  test('applies each migration once when several programs start together', async () => {
    const reports = await Promise.all([run(), run(), run()])
    expect(reports.flatMap((report) => report.applied).sort()).toEqual(['1_fruit', '2_colour'])
  })

  test('undoes a migration that fails and keeps those before it', async () => {
    await write('3_broken', 'CREATE TABLE half (id int); SELECT nonsense();')
    await expect(run()).rejects.toThrow(/3_broken failed and was undone: .*nonsense/)
    expect((await pool.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }])
    expect(await missing()).toEqual(['3_broken'])
  })

  test('refuses a migration that was changed after it was applied', async () => {
    await run()
    await write('1_fruit', 'CREATE TABLE vegetable (name text);')
    await expect(run()).rejects.toThrow(/1_fruit was changed after it was applied/)
  })

  test('refuses to go on after a migration that another tool left half done', async () => {
    await run()
    await pool.query("UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_colour'")
    await expect(run()).rejects.toThrow(/2_colour failed earlier/)
  })

  test('names what a newer version of the program applied', async () => {
    await run()
    await rm(path.join(directory, '2_colour'), { recursive: true })
    expect(await run()).toEqual({ applied: [], unknown: ['2_colour'] })
  })

  test('lists all migrations as missing in an empty database', async () => {
    expect(await missing()).toEqual(['1_fruit', '2_colour'])
  })

  test('lists none as missing after a run', async () => {
    await run()
    expect(await missing()).toEqual([])
  })

  test('keeps the checksum that the Prisma command line compares', async () => {
    await run()
    const { rows } = await pool.query("SELECT checksum FROM _prisma_migrations WHERE migration_name = '2_colour'")
    expect(rows).toEqual([{ checksum: '167b58a19ed4bfa00842cb570e68a754de089c2d445b9f3e3e719e6794ac5c3b' }])
  })
})
