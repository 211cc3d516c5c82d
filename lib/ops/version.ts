import packageFile from '@/package.json'

/** The version of this build. */
export const productVersion: string = packageFile.version
