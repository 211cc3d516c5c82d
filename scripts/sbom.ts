import lock from '@/package-lock.json'
import manifest from '@/package.json'
import { billOf } from './bill-of-materials'

/** `npm run --silent sbom > nexus-proxy.cdx.json`: everything that runs with the program, as CycloneDX. */
console.log(JSON.stringify(billOf({ name: manifest.name, version: manifest.version }, lock.packages), null, 2))
