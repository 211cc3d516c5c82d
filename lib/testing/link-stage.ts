import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { relinkDomain, type RelinkEvents, type RequestChange } from '@/lib/conversations/relink'
import { openRecorder, type Recorder } from '@/lib/recorder/recorder'
import { keepNothing, testDomainId } from './recorder-fixtures'
import { createTestDatabase, type TestDatabase } from './test-database'
import { playCall, type Call } from './conversation-fixtures'

export interface LinkRow {
  readonly conversation: string
  readonly branch: string
  readonly parent: string | null
  readonly isSubtask: boolean
  readonly task: string | null
  readonly attemptOf: string | null
}

interface RelinkOptions extends Pick<RelinkEvents, 'onProgress'> {
  readonly isDryRun?: boolean
}

/** A database and a recorder that links, for the tests of a file. */
export class LinkStage {
  declare database: TestDatabase
  declare recorder: Recorder
  private dataDir = ''

  constructor({ keepsContent = false } = {}) {
    beforeAll(async () => {
      this.database = await createTestDatabase()
    })
    afterAll(() => this.database.drop())
    beforeEach(async () => {
      this.dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-linking-'))
      const store = keepsContent ? {} : { store: keepNothing }
      this.recorder = await openRecorder({ dataDir: this.dataDir, link: makeLinker(), ...store })
    })
    afterEach(async () => {
      await this.recorder.close()
      await this.clear()
      await rm(this.dataDir, { recursive: true })
    })
  }

  async clear(): Promise<void> {
    await this.database.pool.query(
      'TRUNCATE api_requests, request_links, link_keys, conversations, request_bodies, usage_hours',
    )
  }

  /** Applies today's rules to everything recorded, and answers what they change. */
  async relink({ isDryRun = false, onProgress }: RelinkOptions = {}): Promise<RequestChange[]> {
    const changes: RequestChange[] = []
    await relinkDomain({ domainId: testDomainId, isDryRun }, { onChange: (change) => changes.push(change), onProgress })
    return changes
  }

  /** Plays calls one after the other, in this order, and answers the links by the calls' names. */
  async linksOf<Name extends string>(
    calls: Record<Name, Call>,
    order?: readonly Name[],
  ): Promise<Record<Name, LinkRow>> {
    const names = Object.keys(calls) as Name[]
    for (const name of order ?? names) {
      playCall(this.recorder, calls[name])
      await this.recorder.flush()
    }
    return this.readLinks(calls)
  }

  /** Plays calls so that they are recorded, and linked, in one batch. */
  async linksOfBatch<Name extends string>(calls: Record<Name, Call>): Promise<Record<Name, LinkRow>> {
    await this.record(Object.values(calls))
    return this.readLinks(calls)
  }

  /** Plays calls that are recorded in one batch. */
  async record(calls: readonly Call[]): Promise<void> {
    for (const call of calls) playCall(this.recorder, call)
    await this.recorder.flush()
  }

  async readLinks<Name extends string>(calls: Record<Name, Pick<Call, 'requestId'>>): Promise<Record<Name, LinkRow>> {
    const names = Object.keys(calls) as Name[]
    const nameOf = new Map<string, string>(names.map((name) => [calls[name].requestId, name]))
    const named = (id: string | null) => (id === null ? null : (nameOf.get(id) ?? id))
    const { rows } = await this.database.pool.query('SELECT * FROM api_requests')
    const entries = rows.map((row) => [
      nameOf.get(row.request_id),
      {
        conversation: named(row.conversation_id),
        branch: row.branch_id,
        parent: named(row.parent_request_id),
        isSubtask: row.is_subtask,
        task: named(row.parent_task_request_id),
        attemptOf: named(row.attempt_of),
      },
    ])
    return Object.fromEntries(entries) as Record<Name, LinkRow>
  }

  /** Without what is sealed anew each time. */
  async conversationRows(): Promise<unknown[]> {
    const { rows } = await this.database.pool.query('SELECT * FROM conversations ORDER BY conversation_id')
    return rows.map(({ title: _title, project_directory: _directory, git_branch: _branch, ...row }) => row)
  }
}
