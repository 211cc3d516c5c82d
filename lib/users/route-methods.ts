import { httpMethods, routeAccess } from './access-table'

/** Every route with a handler, the most special first, as Next chooses among them. */
const routes = Object.entries(routeAccess)
  .sort(([one], [other]) => generality(one) - generality(other))
  .map(([route, access]) => {
    const own = httpMethods.filter((method) => access[method])
    return { pattern: patternOf(route), methods: [...own, ...(access.GET ? ['HEAD'] : []), 'OPTIONS'] }
  })

/** The methods that an address takes; null = it has no handler, as pages have none. */
export function listMethods(pathname: string): readonly string[] | null {
  return routes.find(({ pattern }) => pattern.test(pathname))?.methods ?? null
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.slice(1).split('/').map(segmentOf).join('')}/?$`)
}

function segmentOf(name: string): string {
  if (name.startsWith('[[...')) return '(/.*)?'
  if (name.startsWith('[...')) return '/.+'
  return name.startsWith('[') ? '/[^/]+' : `/${name.replaceAll('.', '\\.')}`
}

function generality(route: string): number {
  return route.split('[').length + (route.includes('[...') ? 10 : 0)
}
