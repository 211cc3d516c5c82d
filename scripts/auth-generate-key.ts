import { buildClientKey } from '@/lib/clients/client-key'

/**
 * `npm run auth:generate-key`: a new client key, for `client_api_key` of a credential file. It works once a file names
 * it; the dashboard makes keys that need no file.
 */
console.log(buildClientKey())
