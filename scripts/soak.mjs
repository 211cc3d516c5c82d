import { runBuilt } from './run-built.mjs'

/** `npm run soak`: builds what is to be watched, then scripts/soak/main.ts watches it. */
await runBuilt('scripts/soak/main.ts')
