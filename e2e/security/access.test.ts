import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpMethods, pageAccess, routeAccess, type Access, type HttpMethod } from '@/lib/users/access-table'
import { dashboardKeyPermissions, mayDo, roles, type Permission } from '@/lib/users/permissions'
import { addressOf, askers, readBuiltRoutes, startSecurityStage, type Asker, type SecurityStage } from './stage'

const built = readBuiltRoutes()
let stage: SecurityStage
beforeAll(async () => {
  stage = await startSecurityStage()
})
afterAll(() => stage.stop())

async function ask(asker: Asker, path: string, method: HttpMethod = 'GET'): Promise<Response> {
  const ownPage = { origin: stage.app.url, 'content-type': 'application/json' }
  const response = await fetch(stage.app.url + path, {
    method,
    headers: { ...ownPage, ...stage.headersOf(asker) },
    redirect: 'manual',
    ...(method !== 'GET' && { body: '{}' }),
  })
  // Some answers have no end.
  await response.body?.cancel()
  return response
}

function isAllowed(asker: Asker, permission: Permission, method: HttpMethod): boolean {
  if (asker === 'nobody') return false
  if (asker === 'dashboard key') return method === 'GET' && dashboardKeyPermissions.includes(permission)
  return mayDo(asker, permission)
}

const isOpen = (access: Access): access is 'public' | 'own door' => access === 'public' || access === 'own door'

describe('the access table', () => {
  it('names every page of the build and no other', () => expect(Object.keys(pageAccess).sort()).toEqual(built.pages))

  it('names every route handler of the build and no other', () =>
    expect(Object.keys(routeAccess).sort()).toEqual(built.handlers))
})

describe.each(Object.entries(routeAccess))('%s', (route, methods) => {
  const path = addressOf(route)
  const guarded = httpMethods.flatMap((method) => {
    const access = methods[method]
    return access && !isOpen(access) ? [{ method, access }] : []
  })
  const missing = httpMethods.filter((method) => !methods[method])

  it.each(guarded)('lets $method in for those with $access alone', async ({ method, access }) => {
    for (const asker of askers) {
      const { status } = await ask(asker, path, method)
      const refusal = asker === 'nobody' ? 401 : 403
      if (!isAllowed(asker, access, method)) expect(status, asker).toBe(refusal)
      else expect([401, 403, 405, 500], asker).not.toContain(status)
    }
  })

  it.each(httpMethods.filter((method) => methods[method] === 'public'))('answers %s without a login', async (method) =>
    expect([401, 403, 405, 500]).not.toContain((await ask('nobody', path, method)).status),
  )

  it.each(httpMethods.filter((method) => methods[method] === 'own door'))(
    'opens for nobody because of a login: %s',
    async (method) => {
      const { status } = await ask('nobody', path, method)
      expect((await ask('owner', path, method)).status).toBe(status)
    },
  )

  it.each(missing)('has no %s', async (method) => expect((await ask('owner', path, method)).status).toBe(405))
})

describe.each(Object.entries(pageAccess).filter(([, access]) => !isOpen(access)))('the page %s', (route, access) => {
  const path = addressOf(route)

  it('sends somebody without a login to the login page', async () => {
    const response = await ask('nobody', path)
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toMatch(/^(http:\/\/[^/]+)?\/login(\?|$)/)
  })

  it('is there for the roles of the table alone', async () => {
    for (const role of roles) {
      const response = await fetch(stage.app.url + path, { headers: stage.headersOf(role) })
      // What is found out while the page streams can no longer be said with a status.
      const isThere = response.status === 200 && !(await response.text()).includes('NEXT_HTTP_ERROR_FALLBACK;404')
      expect(isThere, role).toBe(isAllowed(role, access as Permission, 'GET') && !route.includes('['))
    }
  })
})
