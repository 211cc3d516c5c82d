import { expect, it } from 'vitest'
import { routeAccess } from './access-table'
import { listMethods } from './route-methods'

it.each([
  ['/api/views', ['GET', 'POST', 'HEAD', 'OPTIONS']],
  ['/api/views/', ['GET', 'POST', 'HEAD', 'OPTIONS']],
  ['/api/views/0199', ['DELETE', 'OPTIONS']],
  ['/api/auth/password', ['POST', 'OPTIONS']],
  ['/api/auth/callback/credentials', ['GET', 'POST', 'HEAD', 'OPTIONS']],
  ['/api/openapi.json', ['GET', 'HEAD', 'OPTIONS']],
  ['/', ['GET', 'HEAD', 'OPTIONS']],
])('the address %s takes the methods of the most special route', (path, methods) =>
  expect(listMethods(path)).toEqual(methods),
)

it.each(['/api', '/api/none', '/api/views/1/2', '/api/openapixjson'])(
  'what the API does not have takes any: %s',
  (path) => expect(listMethods(path)).toEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']),
)

it.each(['/login', '/requests/0199', '/apinone'])('a page has no handler: %s', (path) =>
  expect(listMethods(path)).toBeNull(),
)

it.each(Object.entries(routeAccess))('an address of %s finds that line of the table', (route, access) => {
  const path = route.replace(/\[{1,2}\.{3}\w+\]{1,2}/, 'some/thing').replace(/\[\w+\]/g, 'something')
  const own = (listMethods(path) ?? []).filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
  expect(own).toEqual(Object.keys(access))
})
