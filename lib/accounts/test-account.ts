import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import type { Account } from '@/prisma/client/client'
import { accountHealth, healthAfter } from './account-health'
import { askModels } from './ask-models'
import { credentialHeader } from './credential-header'
import type { AccountKind } from './secrets'

export interface AccountTest {
  readonly ok: boolean
  /** null: nobody answered. */
  readonly status: number | null
  readonly latencyMs: number
  readonly message: string
}

/** Tries out the credential of an account as it is stored. */
export async function testAccount(accountId: string): Promise<AccountTest> {
  const account = await prisma().account.findUnique({ where: { accountId } })
  if (!account || account.deletedAt) throw new AppError('not-found', 'There is no such account.')
  const startedAt = performance.now()
  const { status, message } = await askFor(account)
  if (status !== null) noteTest(accountId, status)
  return { ok: status === 200, status, latencyMs: Math.round(performance.now() - startedAt), message }
}

async function askFor({ id, accountId, kind: storedKind, sealedSecret, baseUrl }: Account) {
  const kind = storedKind as AccountKind
  const sealed = Buffer.from(sealedSecret).toString('base64')
  const credential = await credentialHeader({ uuid: id, accountId, kind, sealedSecret: sealed })
  if ('problem' in credential) {
    return { status: null, message: `It cannot be used: ${credential.problem}. Enter the credential again.` }
  }
  return askModels({ baseUrl, kind, header: credential.header })
}

/** A test says as much about the credential as a call does; it says nothing about anything else. */
function noteTest(accountId: string, status: number): void {
  if (status >= 400 && status !== 401) return
  const health = accountHealth()
  const report = { attempt: { status }, headers: [], target: '/v1/models', nowMs: Date.now() }
  health.set(accountId, healthAfter(health.get(accountId), report))
}
