import type { ListedChannel } from '@/lib/alerts/channels'
import type { Delivery } from '@/lib/alerts/deliver'
import type { AlertRule } from '@/lib/alerts/rules'
import type { Sent } from '@/lib/sent'

/** What the API sends, as the page reads it. */
export type RuleRow = Sent<AlertRule>
export type ChannelRow = Sent<ListedChannel>
export type DeliveryRow = Sent<Delivery>

export const rulesPath = '/api/alerts/rules'
export const channelsPath = '/api/alerts/channels'
export const deliveriesPath = '/api/alerts/deliveries'
