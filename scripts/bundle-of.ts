import { build, type Metafile } from 'esbuild'

/** What a bundle of these files would be made of, who imports whom at run time; nothing is written. */
export async function bundleOf(entryPoints: string[]): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints,
    outdir: 'nowhere',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.css': 'empty' },
    logLevel: 'silent',
  })
  return metafile
}
