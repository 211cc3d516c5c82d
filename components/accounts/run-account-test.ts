import { sendJson } from '@/components/shell/fetcher'
import type { AccountTest } from '@/lib/accounts/test-account'

/** Runs the test call; that our own server fails is a failed test too. */
export async function runAccountTest(accountId: string): Promise<AccountTest> {
  try {
    return await sendJson<AccountTest>(`/api/accounts/${accountId}/test`, { method: 'POST' })
  } catch (error) {
    return {
      ok: false,
      status: null,
      latencyMs: 0,
      message: error instanceof Error ? error.message : 'The test could not be run.',
    }
  }
}
