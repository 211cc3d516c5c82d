import { defineConfig, devices } from '@playwright/test'
import { ownerState } from './e2e/stage'

/** `npm run test:e2e` builds what is missing and finds Chromium; e2e/global-setup.ts starts the server. */
const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  forbidOnly: true,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: process.env.E2E_BASE_URL,
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM_PATH, args: chromiumFlags },
  },
  projects: [
    { name: 'log in', testMatch: '**/*.setup.ts' },
    {
      name: 'desktop',
      dependencies: ['log in'],
      use: { storageState: ownerState, viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'mobile',
      dependencies: ['log in'],
      use: { ...devices['Pixel 7'], storageState: ownerState, viewport: { width: 390, height: 844 } },
    },
  ],
})
