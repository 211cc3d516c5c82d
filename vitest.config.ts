import path from 'node:path'
import { defineConfig } from 'vitest/config'

const resolve = { alias: { '@': path.resolve(import.meta.dirname) } }
const setupFiles = ['lib/testing/noise-fails.ts']
const patient = { testTimeout: 30_000, hookTimeout: 60_000 }
/** For tests of the built product, which `npm run build` makes. */
const veryPatient = { testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'app/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', 'node_modules/**'],
          setupFiles,
          ...patient,
        },
      },
      {
        resolve,
        test: {
          name: 'db',
          include: ['lib/**/*.db.test.ts', 'app/**/*.db.test.ts', 'scripts/**/*.db.test.ts'],
          globalSetup: ['lib/testing/database-global-setup.ts'],
          setupFiles,
          ...patient,
        },
      },
      {
        resolve,
        test: {
          name: 'conformance',
          include: ['e2e/conformance/**/*.test.ts'],
          globalSetup: ['e2e/conformance/global-setup.ts'],
          setupFiles,
          ...veryPatient,
        },
      },
      {
        resolve,
        test: {
          name: 'system',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/{conformance,claude-code,security,faults}/**', 'node_modules/**'],
          setupFiles,
          ...veryPatient,
        },
      },
      {
        resolve,
        test: { name: 'security', include: ['e2e/security/**/*.test.ts'], setupFiles, ...veryPatient },
      },
      {
        resolve,
        test: {
          name: 'faults',
          include: ['e2e/faults/**/*.test.ts'],
          globalSetup: ['e2e/faults/global-setup.ts'],
          setupFiles: [...setupFiles, 'e2e/faults/end-worlds.ts'],
          ...veryPatient,
          // In the full form a case takes minutes, and two hundred starts on a busy machine an hour.
          testTimeout: process.env.NEXUS_FAULTS === 'full' ? 5_400_000 : 600_000,
        },
      },
      {
        resolve,
        test: { name: 'claude-code', include: ['e2e/claude-code/**/*.test.ts'], setupFiles, ...veryPatient },
      },
    ],
  },
})
