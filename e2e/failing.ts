import { expect, type Page } from '@playwright/test'
import { seriousFaults } from './serious-faults'

export const failureId = '01a20000-0000-7000-8000-00000000000f'

/** Every call of the API at this address fails, until the answered function is called. */
export async function failing(page: Page, address: RegExp): Promise<() => Promise<void>> {
  await page.route(address, (route) =>
    route.fulfill({
      status: 500,
      headers: { 'x-nexus-request-id': failureId },
      json: { code: 'internal', message: 'The database is away.' },
    }),
  )
  return () => page.unroute(address)
}

/** It says what failed and under which id to look it up, and Retry puts it right. */
export async function expectRetry(page: Page, mend: () => Promise<void>): Promise<void> {
  const alert = page.getByRole('alert').filter({ hasText: 'The database is away.' })
  await expect(alert).toContainText(failureId)
  expect(await seriousFaults(page), 'a failure').toEqual([])
  await mend()
  await alert.getByRole('button', { name: 'Retry' }).click()
  await expect(alert).toHaveCount(0)
}
