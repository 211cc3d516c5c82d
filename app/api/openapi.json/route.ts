import { env } from '@/lib/env'
import { json } from '@/lib/http'
import { buildDocument } from '@/lib/openapi/build-document'
import { productVersion } from '@/lib/ops/version'
import { apiHandler } from '@/lib/users/access'

/** The API of the dashboard for scripts and generators of clients. */
export const GET = apiHandler('domains:read', async () =>
  json(buildDocument({ version: productVersion, publicUrl: env().publicUrl })),
)
