import nextVitals from 'eslint-config-next/core-web-vitals'
import nextTypescript from 'eslint-config-next/typescript'
import regexp from 'eslint-plugin-regexp'

const kebabCase = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      Program(node) {
        const name = context.filename.split('/').pop() ?? ''
        if (!/^[a-z0-9.\-[\]]+$/.test(name)) context.report({ node, message: `File name ${name} is not kebab-case.` })
      },
    }
  },
}

const noProcessEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only lib/env.ts reads the environment.',
}

/** Arrows of docs/architecture.md: what a folder may not import. `groups` are import globs. */
function forbids(folder, groups, message) {
  return {
    files: [`${folder}/**/*.ts`, `${folder}/**/*.tsx`],
    ignores: ['**/*.test.ts', '**/*.db.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: groups, message }] }] },
  }
}

const rooms = [
  ...['clients', 'accounts', 'postgres', 'journal', 'blocks', 'recorder', 'retention', 'requests'],
  ...['conversations', 'usage', 'users', 'alerts'],
]
const mayUse = {
  // Linking to conversations is handed to the recorder as a function (lib/recorder/link-port.ts).
  recorder: ['journal', 'blocks', 'usage'],
  retention: ['blocks', 'recorder', 'usage', 'users'],
  requests: ['recorder'],
  conversations: ['blocks', 'recorder'],
  // A change of keys, accounts, prices or limits and its audit entry are one transaction.
  usage: ['users'],
  clients: ['users'],
  accounts: ['clients', 'users'],
  // Alerts watch figures of these rooms, and send through the guard of outbound addresses.
  alerts: ['accounts', 'clients', 'requests', 'usage', 'users'],
}
const roomRules = rooms.map((room) =>
  forbids(
    `lib/${room}`,
    [
      '@/app/**',
      '@/components/**',
      '@/lib/proxy/!(ports)',
      '@/lib/ops/**',
      'next',
      'next/**',
      ...rooms
        .filter((other) => other !== room && !(mayUse[room] ?? []).includes(other))
        .map((other) => `@/lib/${other}/**`),
    ],
    `lib/${room} sees lib/claude, the base files and ${(mayUse[room] ?? []).join(', ') || 'no other room'}.`,
  ),
)

const config = [
  {
    ignores: [
      'node_modules/**',
      '.next/**',
      '.next-*/**',
      'dist/**',
      'data/**',
      '.cache/**',
      'prisma/client/**',
      'next-env.d.ts',
      'test-results/**',
      'playwright-report/**',
    ],
  },
  ...nextVitals,
  ...nextTypescript,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { house: { rules: { 'kebab-case': kebabCase } } },
    rules: {
      'house/kebab-case': 'error',
      // Circles of imports: scripts/import-cycles.test.ts (the lint rule took nine tenths of the lint's time).
      'no-console': 'error',
      'no-restricted-syntax': ['error', noProcessEnv],
      // A swallowed error needs a comment that says why it may be swallowed.
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['components/**/*.tsx', 'app/**/*.tsx'],
    rules: { 'max-lines': ['error', 250], 'max-lines-per-function': ['error', 120] },
  },
  { files: ['app/**/route.ts'], rules: { 'max-lines': ['error', 60] } },
  { files: ['app/**/page.tsx'], rules: { 'max-lines': ['error', 180] } },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'e2e/**/*.ts'],
    rules: { 'max-lines': ['error', 400], 'max-lines-per-function': 'off' },
  },
  {
    files: [
      'scripts/**/*.mjs',
      'scripts/**/*.ts',
      'e2e/**/*.ts',
      '*.config.*',
      'instrumentation.ts',
      'lib/env.ts',
      'lib/testing/**/*.ts',
    ],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    // Patterns meet text of strangers: one that backtracks over itself stops the process with a short text.
    files: ['lib/**/*.ts', 'app/**/*.ts', 'app/**/*.tsx', 'components/**/*.ts', 'components/**/*.tsx', 'server.ts'],
    ignores: ['**/*.test.ts'],
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-backtracking': ['error', { report: 'certain' }] },
  },
  forbids(
    'lib/claude',
    [
      '@/app/**',
      '@/components/**',
      '@/lib/*',
      '@/lib/!(claude)/**',
      'next',
      'next/**',
      'pg',
      'pino',
      'undici',
      'node:fs*',
      'node:http*',
      'node:net',
    ],
    'lib/claude is pure: facts of the Claude API, no world.',
  ),
  forbids(
    'lib/proxy',
    [
      '@/app/**',
      '@/components/**',
      '@/lib/!(claude|proxy|errors)',
      '@/lib/!(claude|proxy)/**',
      'next',
      'next/**',
      'pg',
      'pino',
      'undici',
      'node:fs*',
      'node:http*',
      'node:net',
      '@prisma/**',
    ],
    'lib/proxy is a pure core: the world arrives as ports.',
  ),
  ...roomRules,
  forbids('lib/ops', ['@/app/**', '@/components/**'], 'Rooms never import doors.'),
  forbids(
    'components',
    [
      '@/app/**',
      '@/lib/db',
      '@/lib/env',
      '@/lib/log',
      '@/lib/ops/**',
      '@/lib/journal/**',
      '@/lib/blocks/**',
      '@/lib/recorder/**',
      '@/lib/proxy/**',
      'pg',
      'undici',
      'node:*',
      '@prisma/**',
      '@/prisma/**',
    ],
    'Components draw prepared props.',
  ),
]

export default config
