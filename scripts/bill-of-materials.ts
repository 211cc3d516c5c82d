interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly license?: string
  readonly dev?: boolean
  /** There for building and testing, and where a package that runs could make use of it. */
  readonly devOptional?: boolean
  readonly optional?: boolean
}

interface Named {
  readonly name: string
  readonly version: string
}

/** One thing that runs with the program, as CycloneDX 1.5 names it. */
interface BillEntry extends Named {
  readonly type: 'library'
  readonly 'bom-ref': string
  readonly purl: string
  readonly scope: 'required' | 'optional'
  readonly hashes: readonly { readonly alg: string; readonly content: string }[]
  readonly licenses: readonly { readonly expression: string }[]
}

/**
 * The bill of materials of a lock file: everything that runs, nothing that only builds or tests. (`npm sbom` leaves
 * packages out that are somebody's peers.) Pure.
 */
export function billOf(product: Named, packages: Readonly<Record<string, LockedPackage>>) {
  const locked = Object.entries(packages).filter(([folder, found]) => folder !== '' && !found.dev && !found.devOptional)
  const entries = new Map(locked.map(([folder, found]) => entryOf(folder, found)).map((each) => [each.purl, each]))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', ...product, 'bom-ref': refOf(product) } },
    components: [...entries.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  }
}

function entryOf(folder: string, { version = '', integrity, license, optional }: LockedPackage): BillEntry {
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const purl = refOf({ name, version })
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    scope: optional ? 'optional' : 'required',
    hashes: integrity ? [hashOf(integrity)] : [],
    licenses: license ? [{ expression: license }] : [],
  }
}

const refOf = ({ name, version }: Named) => `pkg:npm/${name.replace('@', '%40')}@${version}`

/** `sha512-` and base64, as npm writes it, in CycloneDX's words. */
function hashOf(integrity: string): { alg: string; content: string } {
  const [algorithm = '', digest = ''] = (integrity.split(' ')[0] ?? '').split('-')
  return { alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }
}
