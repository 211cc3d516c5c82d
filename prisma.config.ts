import { defineConfig } from 'prisma/config'

// generate, validate and format need no engine, yet the CLI downloads one unless a binary is named.
// Never set for other commands: a wrong binary makes `migrate deploy` a silent no-op.
if (['generate', 'validate', 'format'].includes(process.argv[2] ?? '')) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost:5432/nexus' },
})
