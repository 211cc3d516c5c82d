import { fetchPrograms } from './programs.mjs'
import { runBuilt } from './run-built.mjs'

/** `npm run bench`: builds what is to be measured, then scripts/bench/main.ts measures it. */
await fetchPrograms(['nginx'])
await runBuilt('scripts/bench/main.ts')
