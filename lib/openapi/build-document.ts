import { z } from 'zod'
import { httpMethods, routeAccess, type HttpMethod } from '@/lib/users/access-table'
import { cookieName } from '@/lib/users/session-cookie'
import * as answers from './answers'
import { operations, type Operation } from './operations'
import { pageOperations } from './page-operations'

type Json = Record<string, unknown>

interface Described {
  readonly version: string
  readonly publicUrl: string
}

/** The API as an OpenAPI 3.1 document, from the schemas that check it. Pure. */
export function buildDocument({ version, publicUrl }: Described): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Nexus Proxy',
      version,
      description:
        'Operations tagged Scripts are for programs: their fields stay. Those tagged Pages serve the dashboard and may change with it; what writes wants a login. The Claude API itself is relayed under /v1/ with a client key; Anthropic documents it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    paths: Object.fromEntries(
      Object.keys(routeAccess)
        .filter(isOfTheApi)
        .map((path) => [templateOf(path), describePath(path)]),
    ),
    components: {
      securitySchemes: {
        dashboardKey: { type: 'apiKey', in: 'header', name: 'X-Dashboard-Key', description: 'DASHBOARD_API_KEY' },
        session: { type: 'apiKey', in: 'cookie', name: cookieName('session'), description: 'A login of the dashboard' },
        dashboardBearer: { type: 'http', scheme: 'bearer', description: 'DASHBOARD_API_KEY as a bearer token' },
      },
      schemas: { Error: schemaOf(answers.error, 'output') },
    },
  }
}

/** `[requestId]` of the file system is `{requestId}` of OpenAPI. */
const templateOf = (path: string) => path.replace(/\[(\w+)\]/g, '{$1}')

/** Pages and the Claude API are not of it, nor are doors with ways of their own. */
const isOfTheApi = (path: string) => /^\/(api\/|health|token-stats)/.test(path) && !path.includes('[...')

function describePath(path: string): Json {
  const methods = httpMethods.filter((method) => routeAccess[path]?.[method])
  return Object.fromEntries(
    methods.map((method) => {
      const promised = method === 'GET' && operations.find((operation) => operation.path === path)
      return [method.toLowerCase(), promised ? describe(promised) : describePage(path, method)]
    }),
  )
}

/** The dashboard key reads and never writes. */
function securityOf(path: string, method: HttpMethod): Json[] {
  const access = routeAccess[path]?.[method]
  if (access === 'public' || access === 'own door') return []
  const session = { session: [] }
  return method === 'GET' ? [{ dashboardKey: [] }, { dashboardBearer: [] }, session] : [session]
}

function describePage(path: string, method: HttpMethod): Json {
  const { summary = `${method} ${path}`, query, body } = pageOperations[`${method} ${path}`] ?? {}
  const isOpen = securityOf(path, method).length === 0
  return {
    operationId: operationIdOf(path, method),
    summary,
    tags: ['Pages'],
    'x-nexus-permission': routeAccess[path]?.[method],
    security: securityOf(path, method),
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      200: { description: summary },
      ...(isOpen ? {} : refusals),
      ...((query || method !== 'GET') && { 400: errorAnswer('A field is not valid; `details.fields` names it') }),
      ...(path.includes('[') && { 404: errorAnswer('There is no such thing') }),
    },
  }
}

function describe({ path, summary, query, answer }: Operation): Json {
  const isPublic = routeAccess[path]?.GET === 'public'
  return {
    operationId: operationIdOf(path, 'GET'),
    summary,
    tags: ['Scripts'],
    security: securityOf(path, 'GET'),
    parameters: [...pathParameters(path), ...queryParameters(query)],
    responses: {
      200: answerOf(summary, schemaOf(answer, 'output')),
      ...(isPublic ? {} : refusals),
      ...(query && { 400: errorAnswer('A parameter is not valid; `details.fields` names it') }),
      ...(path.includes('[') && { 404: errorAnswer('There is no such thing') }),
    },
  }
}

function operationIdOf(path: string, method: HttpMethod): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word && word !== 'api')
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

const answerOf = (description: string, schema: Json) => ({ description, content: { 'application/json': { schema } } })
const errorAnswer = (description: string) => answerOf(description, { $ref: '#/components/schemas/Error' })
const refusals = {
  401: errorAnswer('No key and no login'),
  403: errorAnswer('A wrong key, or a role that may not'),
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\[(\w+)\]/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input') as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

/** What cannot be said in JSON Schema (a date made of a text) is left open. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}
