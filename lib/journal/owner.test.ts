import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { adoptOrphans, claimDirectory, type OwnDirectory } from './owner'

let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'nexus-owner-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(root, { recursive: true })
})

async function leave(name: string, lock: object | null): Promise<string> {
  const directory = path.join(root, name)
  await mkdir(directory)
  await writeFile(path.join(directory, '00000001.segment'), '')
  if (lock)
    await writeFile(
      path.join(directory, 'lock'),
      JSON.stringify({ token: 'x', host: hostname(), startedAt: null, ...lock }),
    )
  return directory
}

async function adopt(): Promise<OwnDirectory[]> {
  const adopted: OwnDirectory[] = []
  for await (const orphan of adoptOrphans(root)) adopted.push(orphan)
  return adopted
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0'])
  await once(child, 'exit')
  return child.pid ?? 0
}

test('two owners in one process have directories of their own, and neither is an orphan', async () => {
  const [one, other] = [await claimDirectory(root), await claimDirectory(root)]
  expect(one.directory).not.toBe(other.directory)
  expect(await adopt()).toEqual([])
  await one.release()
  await other.release()
  expect(await readdir(root)).toEqual([])
})

test('the directory of a dead process is taken over', async () => {
  await leave('a-1', { pid: await deadPid() })
  const [adopted] = await adopt()
  expect(await readdir(adopted?.directory ?? '')).toContain('00000001.segment')
  expect(await adopt()).toEqual([])
  await adopted?.release()
})

/** A process that lives until `kill`, as its lock names it. */
async function startProcess() {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
  const startedAt = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[19]
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { lock: { pid: child.pid, startedAt }, kill }
}

test('the directory of a running process is left alone', async () => {
  const { lock, kill } = await startProcess()
  await leave('a-1', lock)
  expect(await adopt()).toEqual([])
  await kill()
  expect(await adopt()).toHaveLength(1)
})

test('a pid that belongs to another process by now does not protect a directory', async () => {
  await leave('a-1', { pid: process.pid, startedAt: '1' })
  expect(await adopt()).toHaveLength(1)
})

test('a directory without a lock, or with a torn one, is an orphan', async () => {
  await leave('a-1', null)
  await writeFile(path.join(await leave('b-1', null), 'lock'), '{"pid"')
  expect(await adopt()).toHaveLength(2)
})

test('a lock of another host counts until it has been silent for long', async () => {
  const directory = await leave('a-1', { pid: 1, host: 'another-container' })
  expect(await adopt()).toEqual([])
  const longAgo = new Date(Date.now() - 600_000)
  await utimes(path.join(directory, 'lock'), longAgo, longAgo)
  expect(await adopt()).toHaveLength(1)
})

test('of two that want an orphan, one gets it', async () => {
  for (const name of ['a-1', 'b-1', 'c-1']) await leave(name, null)
  const taken = (await Promise.all([adopt(), adopt(), adopt()])).flat()
  expect(taken).toHaveLength(3)
  expect(new Set(taken.map(({ directory }) => directory)).size).toBe(3)
})

test('a directory that somebody makes or takes over just now is left alone, but not for ever', async () => {
  const { lock, kill } = await startProcess()
  await leave('a-1.new', lock)
  await leave('b-1.new', null)
  expect(await adopt()).toEqual([])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 91_000 })
  expect(await adopt()).toHaveLength(2)
  await kill()
})

test('who died while it took over an orphan holds up nobody', async () => {
  await leave('a-1.new', { pid: await deadPid() })
  const [adopted] = await adopt()
  expect(await readdir(adopted?.directory ?? '')).toContain('00000001.segment')
})

test('a directory that still holds segments stays for the next one', async () => {
  await leave('a-1', null)
  const [adopted] = await adopt()
  await adopted?.release()
  expect(await adopt()).toHaveLength(1)
})

test('the quarantine is nobody to adopt', async () => {
  await mkdir(path.join(root, 'quarantine'))
  expect(await adopt()).toEqual([])
})
