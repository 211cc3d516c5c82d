import { z } from 'zod'
import { routeAccess } from '@/lib/users/access-table'
import * as answers from './answers'
import { operations, type Operation } from './operations'

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
        'Reading what was recorded. The Claude API itself is relayed under /v1/ with a client key; Anthropic documents it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    paths: Object.fromEntries(
      operations.map((operation) => [templateOf(operation.path), { get: describe(operation) }]),
    ),
    components: {
      securitySchemes: {
        dashboardKey: { type: 'apiKey', in: 'header', name: 'X-Dashboard-Key', description: 'DASHBOARD_API_KEY' },
        dashboardBearer: { type: 'http', scheme: 'bearer', description: 'DASHBOARD_API_KEY as a bearer token' },
      },
      schemas: { Error: schemaOf(answers.error, 'output') },
    },
  }
}

/** `[requestId]` of the file system is `{requestId}` of OpenAPI. */
const templateOf = (path: string) => path.replace(/\[(\w+)\]/g, '{$1}')

function describe({ path, summary, query, answer }: Operation): Json {
  const isPublic = routeAccess[path]?.GET === 'public'
  return {
    operationId: operationIdOf(path),
    summary,
    security: isPublic ? [] : [{ dashboardKey: [] }, { dashboardBearer: [] }],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    responses: {
      200: answerOf(summary, schemaOf(answer, 'output')),
      ...(isPublic ? {} : refusals),
      ...(query && { 400: errorAnswer('A parameter is not valid; `details.fields` names it') }),
      ...(path.includes('[') && { 404: errorAnswer('There is no such thing') }),
    },
  }
}

function operationIdOf(path: string): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word && word !== 'api')
  return ['get', ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
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
