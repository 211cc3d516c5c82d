import { afterAll, beforeAll, expect, test } from 'vitest'
import { callRoute, signIn } from '@/lib/testing/call-route'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { DELETE } from './[viewId]/route'
import { GET, POST } from './route'

let database: TestDatabase
let ada: string
let bob: string
beforeAll(async () => {
  database = await createTestDatabase()
  ;[ada, bob] = await Promise.all([signIn('viewer'), signIn('admin')])
})
afterAll(() => database.drop())

interface Views {
  readonly views: readonly { viewId: string; name: string; query: string }[]
}
const viewsOf = async (as: string) => (await callRoute<Views>(GET, { as, path: '/api/views?page=requests' })).body.views
const save = (as: string, name: string, query: string) =>
  callRoute(POST, { as, method: 'POST', body: { page: 'requests', name, query } })

test('a view is its user’s alone: nobody else sees it or deletes it', async () => {
  expect((await save(ada, 'Mine', 'status=error')).status).toBe(201)
  expect(await viewsOf(ada)).toMatchObject([{ name: 'Mine', query: 'status=error' }])
  expect(await viewsOf(bob)).toEqual([])
  const [view] = await viewsOf(ada)
  const deleteAs = (as: string) => callRoute(DELETE, { as, method: 'DELETE', params: { viewId: view?.viewId ?? '' } })
  expect((await deleteAs(bob)).status).toBe(404)
  expect((await deleteAs(ada)).status).toBe(200)
  expect(await viewsOf(ada)).toEqual([])
})

test('saving under a known name replaces', async () => {
  await save(ada, 'Slow', 'q=one')
  await save(ada, 'Slow', 'q=two')
  expect(await viewsOf(ada)).toMatchObject([{ name: 'Slow', query: 'q=two' }])
})

test('a name is needed, and a login', async () => {
  expect((await save(ada, ' ', 'q=one')).status).toBe(400)
  expect((await callRoute(GET, { as: null, path: '/api/views?page=requests' })).status).toBe(401)
})
