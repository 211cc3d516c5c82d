import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { open, seal } from '@/lib/accounts/secret-box'
import { checkOutboundUrl } from '@/lib/accounts/upstream-guard'
import { labelSchema } from '@/lib/clients/change'
import type { Doer } from '@/lib/users/doer'
import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { recordAudit } from '@/lib/users/audit'

const channelKinds = ['webhook', 'slack'] as const
type ChannelKind = (typeof channelKinds)[number]

/** Where alerts go, as people may see it: the address is a secret of its own (Slack's lets anybody post). */
export interface ListedChannel {
  readonly channelId: string
  readonly name: string
  readonly kind: ChannelKind
  readonly host: string
  readonly createdBy: string
  readonly createdAt: Date
  readonly lastDeliveredAt: Date | null
  readonly lastError: string | null
}

/** A channel with what a delivery needs. */
export interface OpenChannel {
  readonly channelId: string
  readonly kind: ChannelKind
  readonly url: string
  readonly secret: string | null
}

export const newChannelSchema = z.strictObject({
  name: labelSchema.min(1, { error: 'Enter a name.' }),
  kind: z.enum(channelKinds, { error: `is one of ${channelKinds.join(', ')}` }),
  url: z.url({ protocol: /^https?$/, error: 'Enter an address that begins with https://.' }).max(2_000),
})

const listed = {
  id: true,
  name: true,
  kind: true,
  host: true,
  createdBy: true,
  createdAt: true,
  lastDeliveredAt: true,
  lastError: true,
} as const

export async function listChannels(): Promise<ListedChannel[]> {
  const rows = await prisma().alertChannel.findMany({ select: listed, orderBy: { name: 'asc' }, take: 200 })
  return rows.map(({ id, kind, ...rest }) => ({ channelId: id, kind: kind as ChannelKind, ...rest }))
}

const urlPlace = (id: string) => `alert_channels|${id}|url`
const secretPlace = (id: string) => `alert_channels|${id}|secret`

/** Adds a channel. The secret that signs what a webhook gets is told this once. */
export async function createChannel(
  { name, kind, url }: z.infer<typeof newChannelSchema>,
  by: Doer,
): Promise<{ channelId: string; secret: string | null }> {
  await checkOutboundUrl(url, 'url')
  const id = newId()
  const secret = kind === 'webhook' ? `whsec_${randomBytes(24).toString('base64url')}` : null
  const { host } = new URL(url)
  await prisma().$transaction(async (tx) => {
    const sealedSecret = secret === null ? null : Buffer.from(seal(secret, secretPlace(id)))
    const sealedUrl = Buffer.from(seal(url, urlPlace(id)))
    await tx.alertChannel.create({ data: { id, name, kind, host, sealedUrl, sealedSecret, createdBy: by.actor.name } })
    const detail = { name, kind, host }
    await recordAudit(tx, { ...by, action: 'alert-channel.create', targetType: 'alert-channel', targetId: id, detail })
  })
  return { channelId: id, secret }
}

export async function deleteChannel(channelId: string, by: Doer): Promise<void> {
  const { name, kind, host } = await requireChannel(channelId)
  await prisma().$transaction(async (tx) => {
    await tx.alertChannel.delete({ where: { id: channelId } })
    await tx.$executeRaw`UPDATE alert_rules SET channel_ids = array_remove(channel_ids, ${channelId}::uuid)`
    const target = { targetType: 'alert-channel', targetId: channelId }
    await recordAudit(tx, { ...by, action: 'alert-channel.delete', ...target, detail: { name, kind, host } })
  })
}

async function requireChannel(channelId: string) {
  const row = isUuid(channelId) ? await prisma().alertChannel.findUnique({ where: { id: channelId } }) : null
  if (!row) throw new AppError('not-found', 'There is no such channel.')
  return row
}

export async function openChannel(channelId: string): Promise<OpenChannel> {
  const channel = opened(await requireChannel(channelId))
  if (channel) return channel
  const says =
    'This channel was stored with another ENCRYPTION_KEY. Bring that key back, or delete the channel and add it again.'
  throw new AppError('conflict', says)
}

/** Every channel that can be opened with the key at hand: one that cannot must not silence the others. */
export async function openChannels(): Promise<OpenChannel[]> {
  const rows = await prisma().alertChannel.findMany({ take: 200 })
  return rows.map(opened).filter((channel) => channel !== null)
}

function opened({ id, kind, sealedUrl, sealedSecret }: Awaited<ReturnType<typeof requireChannel>>): OpenChannel | null {
  try {
    const secret = sealedSecret && open(sealedSecret, secretPlace(id))
    return { channelId: id, kind: kind as ChannelKind, url: open(sealedUrl, urlPlace(id)), secret }
  } catch (error) {
    log().debug({ error, channelId: id }, 'a channel of alerts cannot be opened')
    return null
  }
}
