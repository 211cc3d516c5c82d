import { readFileSync } from 'node:fs'
import { encode } from 'next-auth/jwt'
import { Client } from 'pg'
import { newId } from '@/lib/ids'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { roles, type Role } from '@/lib/users/permissions'

/** What the security tests know of the server they run against. All values are made up. */
export const dashboardKey = 'security-dashboard-key-0123456789'
export const nextAuthSecret = 'security-nextauth-secret-0123456789'

/** Who asks: nobody, the holder of the dashboard key, or somebody of a role who is logged in. */
export const askers = ['nobody', 'dashboard key', ...roles] as const
export type Asker = (typeof askers)[number]

export interface SecurityStage {
  readonly app: RunningApp
  readonly database: Client
  /** The headers that make a call one of this asker. */
  headersOf(asker: Asker): Record<string, string>
  stop(): Promise<void>
}

/** The built product with a user of every role. */
export async function startSecurityStage(env: Readonly<Record<string, string>> = {}): Promise<SecurityStage> {
  const app = await startApp({
    door: 'fast',
    env: { DASHBOARD_API_KEY: dashboardKey, NEXTAUTH_SECRET: nextAuthSecret, LOG_LEVEL: 'debug', ...env },
  })
  const database = new Client({ connectionString: app.databaseUrl })
  await database.connect()
  const cookies = new Map<Asker, string>()
  for (const role of roles) cookies.set(role, (await logIn(database, role)).cookie)
  return {
    app,
    database,
    headersOf: (asker) => headersOf(asker, cookies),
    async stop() {
      await database.end()
      await app.stop()
    },
  }
}

function headersOf(asker: Asker, cookies: ReadonlyMap<Asker, string>): Record<string, string> {
  if (asker === 'dashboard key') return { 'x-dashboard-key': dashboardKey }
  const cookie = cookies.get(asker)
  return cookie === undefined ? {} : { cookie }
}

/** A new user of this role with a login that holds. */
export async function logIn(database: Client, role: Role) {
  const [userId, sessionId] = [newId(), newId()]
  await database.query('INSERT INTO users (id, email, name, role) VALUES ($1, $2, $3, $4)', [
    userId,
    `${userId}@example.com`,
    `A ${role}`,
    role,
  ])
  await database.query('INSERT INTO user_sessions (id, user_id, epoch) VALUES ($1, $2, 0)', [sessionId, userId])
  const token = await encode({ token: { sub: userId, sid: sessionId }, secret: nextAuthSecret })
  return { userId, sessionId, cookie: `nexus.session=${token}` }
}

/** Every route of the build, as the app folder names it: `/api/requests/[requestId]`. */
export function readBuiltRoutes(): { pages: string[]; handlers: string[] } {
  const folder = process.env.NEXT_DIST_DIR || '.next'
  const manifest = JSON.parse(readFileSync(`${folder}/server/app-paths-manifest.json`, 'utf8')) as object
  const named = (kind: 'page' | 'route') =>
    Object.keys(manifest)
      .filter((key) => key.endsWith(`/${kind}`))
      .map((key) => key.slice(0, -kind.length - 1).replace(/\/\([^)]+\)/g, '') || '/')
      .sort()
  return { pages: named('page'), handlers: named('route') }
}

/** An address of a route, of a thing that does not exist. */
export function addressOf(route: string): string {
  return route.replace(/\[\.{3}[^\]]+\]/g, 'a/b').replace(/\[[^\]]+\]/g, newId())
}
