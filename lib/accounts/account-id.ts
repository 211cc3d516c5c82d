import { randomBytes } from 'node:crypto'
import { toBase62 } from '@/lib/clients/base62'

/** A new public account id: `acc_` and 20 base-62 digits. */
export function newAccountId(): string {
  return `acc_${toBase62(randomBytes(16), 22).slice(-20)}`
}

/** Ids from credential files are older than this product: they keep their spelling, within reason. */
export function isAccountId(text: string): boolean {
  return /^acc_[A-Za-z0-9_-]{1,100}$/.test(text)
}
