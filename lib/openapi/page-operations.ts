import type { z } from 'zod'
import { accountChangeSchema, newAccountSchema } from '@/lib/accounts/account-schemas'
import { domainOrderSchema } from '@/lib/accounts/domain-order'
import { newChannelSchema } from '@/lib/alerts/channels'
import { newRuleSchema, ruleChangeSchema } from '@/lib/alerts/rules'
import { previewSchema } from '@/lib/alerts/samples'
import {
  clientKeyChangeSchema,
  clientKeyListSchema,
  newClientKeySchema,
  rotationSchema,
} from '@/lib/clients/client-keys'
import { domainChangeSchema, newDomainSchema } from '@/lib/clients/domains'
import { branchSchema } from '@/lib/conversations/choose-tip'
import { exportSchema } from '@/lib/conversations/export-thread'
import { estimateSchema, replaySchema } from '@/lib/requests/estimate-replay'
import { rawSchema } from '@/lib/requests/raw-headers'
import { requestFilterSchema } from '@/lib/requests/request-filter'
import { viewListSchema, viewSchema } from '@/lib/requests/saved-views'
import { erasureSchema } from '@/lib/retention/erase-bodies'
import { policyChangeSchema } from '@/lib/retention/policies'
import { starSchema } from '@/lib/retention/stars'
import { limitListSchema, newLimitSchema } from '@/lib/usage/limits'
import { newOverrideSchema } from '@/lib/usage/price-override-row'
import { burnersSchema, explorerSchema, usageExportSchema, windowDetailSchema } from '@/lib/usage/question-schemas'
import { newRerateSchema } from '@/lib/usage/rerates'
import { auditExportSchema } from '@/lib/users/export-audit'
import { newInvitationSchema } from '@/lib/users/invitations'
import { auditListSchema } from '@/lib/users/list-audit'
import { memberChangeSchema } from '@/lib/users/members'

/** What the pages ask, besides the operations that scripts are promised. */
interface PageOperation {
  readonly summary: string
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
}

/** By method and path. */
export const pageOperations: Readonly<Record<string, PageOperation>> = {
  'GET /api/accounts/[accountId]': { summary: 'One account' },
  'POST /api/accounts': { summary: 'Add an account', body: newAccountSchema },
  'PATCH /api/accounts/[accountId]': { summary: 'Change an account, or its credential', body: accountChangeSchema },
  'DELETE /api/accounts/[accountId]': { summary: 'Remove an account' },
  'POST /api/accounts/[accountId]/clear-health': { summary: 'Forget the faults of an account' },
  'POST /api/accounts/[accountId]/test': { summary: 'Ask Claude with the credential of an account' },
  'GET /api/alerts/channels': { summary: 'Where alerts are told' },
  'POST /api/alerts/channels': { summary: 'Add a webhook or a Slack channel', body: newChannelSchema },
  'DELETE /api/alerts/channels/[channelId]': { summary: 'Remove a channel' },
  'POST /api/alerts/channels/[channelId]/test': { summary: 'Send a test message' },
  'GET /api/alerts/deliveries': { summary: 'What was sent, and what became of it' },
  'GET /api/alerts/preview': { summary: 'What a rule would have done in the last seven days', query: previewSchema },
  'GET /api/alerts/rules': { summary: 'Rules' },
  'POST /api/alerts/rules': { summary: 'Add a rule', body: newRuleSchema },
  'PATCH /api/alerts/rules/[ruleId]': { summary: 'Change a rule', body: ruleChangeSchema },
  'DELETE /api/alerts/rules/[ruleId]': { summary: 'Remove a rule' },
  'GET /api/audit': { summary: 'Who did what, newest first', query: auditListSchema },
  'GET /api/audit/check': { summary: 'Whether the audit log is whole' },
  'GET /api/audit/export': { summary: 'The audit log as a file', query: auditExportSchema },
  'GET /api/budgets': { summary: 'How far spend limits are used up' },
  'GET /api/client-keys': { summary: 'Client keys, without the keys', query: clientKeyListSchema },
  'POST /api/client-keys': { summary: 'Make a client key; told once', body: newClientKeySchema },
  'PATCH /api/client-keys/[clientKeyId]': { summary: 'Change a client key', body: clientKeyChangeSchema },
  'POST /api/client-keys/[clientKeyId]/revoke': { summary: 'End a client key at once' },
  'POST /api/client-keys/[clientKeyId]/rotate': {
    summary: 'Make its successor; the old one goes on for a while',
    body: rotationSchema,
  },
  'GET /api/conversations/[conversationId]/composition': {
    summary: 'What the context consists of',
    query: branchSchema,
  },
  'GET /api/conversations/[conversationId]/export': { summary: 'The conversation as a file', query: exportSchema },
  'PUT /api/conversations/[conversationId]/star': { summary: 'Keep it beyond its retention', body: starSchema },
  'GET /api/conversations/[conversationId]/thread': { summary: 'What was said', query: branchSchema },
  'GET /api/doctor/vitals': { summary: 'How the process that answers is, and the others' },
  'POST /api/domains': { summary: 'Add a domain', body: newDomainSchema },
  'GET /api/domains/[domainId]': { summary: 'One domain' },
  'PATCH /api/domains/[domainId]': { summary: 'Change a domain', body: domainChangeSchema },
  'PUT /api/domains/[domainId]/accounts': { summary: 'Which accounts it uses, in order', body: domainOrderSchema },
  'GET /api/events': { summary: 'Requests as they are recorded, as server-sent events' },
  'GET /api/hello': { summary: 'What Claude Code asks before its first call' },
  'GET /api/invitations': { summary: 'Open invitations' },
  'POST /api/invitations': { summary: 'Invite somebody', body: newInvitationSchema },
  'DELETE /api/invitations/[invitationId]': { summary: 'Take an invitation back' },
  'GET /api/limits': { summary: 'Limits of domains and keys', query: limitListSchema },
  'POST /api/limits': { summary: 'Set a limit', body: newLimitSchema },
  'DELETE /api/limits/[limitId]': { summary: 'Remove a limit' },
  'GET /api/openapi.json': { summary: 'This document' },
  'GET /api/price-overrides': { summary: 'Prices that stand before the price book' },
  'POST /api/price-overrides': { summary: 'Set a price', body: newOverrideSchema },
  'POST /api/price-overrides/preview': { summary: 'What a price would change', body: newOverrideSchema },
  'DELETE /api/price-overrides/[overrideId]': { summary: 'Remove a price' },
  'GET /api/requests/[requestId]/comparison': { summary: 'What differs from the request before' },
  'GET /api/requests/[requestId]/events': { summary: 'The stream, event by event' },
  'GET /api/requests/[requestId]/neighbours': {
    summary: 'The requests before and after it within a filter',
    query: requestFilterSchema,
  },
  'GET /api/requests/[requestId]/raw/[side]': {
    summary: 'The exact bytes of a request or a response',
    query: rawSchema,
  },
  'GET /api/requests/[requestId]/replay': { summary: 'What a replay would cost', query: estimateSchema },
  'POST /api/requests/[requestId]/replay': { summary: 'Send it again', body: replaySchema },
  'PUT /api/requests/[requestId]/star': { summary: 'Keep it beyond its retention', body: starSchema },
  'GET /api/retention': { summary: 'How long each domain keeps its record' },
  'PATCH /api/retention/[domainId]': { summary: 'Change how long', body: policyChangeSchema },
  'GET /api/retention/preview': { summary: 'What the next sweep removes' },
  'POST /api/retention/sweeps': { summary: 'Sweep now' },
  'GET /api/storage': { summary: 'What is stored, by day, domain and week; the journals' },
  'POST /api/storage/erasures': { summary: 'Delete content for good', body: erasureSchema },
  'GET /api/usage/explorer': { summary: 'Usage by any two groups', query: explorerSchema },
  'GET /api/usage/export': { summary: 'Usage as CSV', query: explorerSchema.extend(usageExportSchema.shape) },
  'GET /api/usage/rerates': { summary: 'How far pricing again has come' },
  'POST /api/usage/rerates': { summary: 'Price recorded usage again', body: newRerateSchema },
  'GET /api/usage/windows/[accountId]': {
    summary: 'The plan windows of an account, with forecasts',
    query: windowDetailSchema,
  },
  'GET /api/usage/windows/[accountId]/burners': { summary: 'Who uses a window up', query: burnersSchema },
  'GET /api/users': { summary: 'Members' },
  'PATCH /api/users/[userId]': { summary: 'Change a member', body: memberChangeSchema },
  'GET /api/views': { summary: 'Saved views of lists', query: viewListSchema },
  'POST /api/views': { summary: 'Save a view', body: viewSchema },
  'DELETE /api/views/[viewId]': { summary: 'Remove a view' },
}
