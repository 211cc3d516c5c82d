import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { AppError, refusedField } from '@/lib/errors'
import type { User } from '@/prisma/client/client'
import { recordAudit } from './audit'
import type { Doer } from './doer'
import { base32, findStep, totpUri } from './totp'

const keyOf = (use: string) => Buffer.from(hkdfSync('sha256', env().encryptionKey, '', `second-factor ${use}`, 32))

/** AES-256-GCM, bound to the user: nonce, tag, text. */
function sealSecret(userId: string, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf('secret'), nonce).setAAD(Buffer.from(userId))
  const text = Buffer.concat([cipher.update(secret), cipher.final()])
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), text]))
}

function openSecret(userId: string, sealed: Uint8Array): Uint8Array {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', keyOf('secret'), bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(userId)).setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
}

/** A new key for the app of the user. It counts from its confirmation on; until then the login stays as it was. */
export async function beginSecondFactor(userId: string): Promise<{ key: string; uri: string }> {
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId } })
  const secret = randomBytes(20)
  const { count } = await prisma().user.updateMany({
    where: { id: userId, totpConfirmedAt: null },
    data: { sealedTotpSecret: sealSecret(userId, secret) },
  })
  if (count === 0) throw new AppError('conflict', 'A second factor is on already. Switch it off first.')
  return { key: base32(secret), uri: totpUri(secret, user.email) }
}

const recoveryCodeCount = 10

/** Switches the second factor on with its first code. The recovery codes in the answer are shown this one time. */
export async function confirmSecondFactor(userId: string, code: string, by: Doer): Promise<string[]> {
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId } })
  const step = user.totpConfirmedAt ? null : findUnusedStep(user, code)
  if (step === null) throw wrongCode()
  const codes = Array.from({ length: recoveryCodeCount }, makeRecoveryCode)
  await prisma().$transaction(async (tx) => {
    // Of the key whose code was given: another may have been asked for, or confirmed, meanwhile.
    const { count } = await tx.user.updateMany({
      where: { id: userId, totpConfirmedAt: null, sealedTotpSecret: user.sealedTotpSecret },
      data: { totpConfirmedAt: new Date(), totpLastStep: step },
    })
    if (count === 0) throw wrongCode()
    await tx.recoveryCode.deleteMany({ where: { userId } })
    await tx.recoveryCode.createMany({ data: codes.map((each) => ({ userId, hash: hashOf(userId, each) })) })
    await recordAudit(tx, { ...by, action: 'user.second-factor-on', targetType: 'user', targetId: userId })
  })
  return codes
}

export async function endSecondFactor(userId: string, by: Doer): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const off = { totpConfirmedAt: null, sealedTotpSecret: null }
    await tx.user.update({ where: { id: userId }, data: off })
    await tx.recoveryCode.deleteMany({ where: { userId } })
    await recordAudit(tx, { ...by, action: 'user.second-factor-off', targetType: 'user', targetId: userId })
  })
}

/** Takes a code of the app or a recovery code, each once; false = it is neither. */
export async function spendCode(user: User, given: string): Promise<boolean> {
  const code = given.replace(/[\s-]/g, '').toLowerCase()
  const step = findUnusedStep(user, code)
  if (step !== null) {
    const { count } = await prisma().user.updateMany({
      where: { id: user.id, totpLastStep: { lt: step } },
      data: { totpLastStep: step },
    })
    return count === 1
  }
  const { count } = await prisma().recoveryCode.updateMany({
    where: { userId: user.id, hash: hashOf(user.id, code), usedAt: null },
    data: { usedAt: new Date() },
  })
  return count === 1
}

function findUnusedStep({ id, sealedTotpSecret, totpLastStep }: User, code: string): number | null {
  if (!sealedTotpSecret || !/^\d{6}$/.test(code)) return null
  const secret = openSecret(id, sealedTotpSecret)
  return findStep(secret, { code, atMs: Date.now(), lastStep: Number(totpLastStep) })
}

/** 80 random bits: a keyed hash is enough, there is nothing to guess. */
const makeRecoveryCode = () => base32(randomBytes(10)).toLowerCase()

function hashOf(userId: string, code: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', keyOf('recovery')).update(`${userId} ${code}`).digest())
}

const wrongCode = () =>
  refusedField(
    'code',
    'This code is not the one of this moment. Look at the clock of your phone, and try the next one.',
  )
