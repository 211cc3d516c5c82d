import { asRecord, asText, parseJson } from './json'

/** Who the client says is calling: ids of its session and device, never of a person we know. */
export interface ClientSession {
  readonly sessionId: string | null
  readonly deviceId: string | null
}

/** `user_<64 hex>_account_<uuid or nothing>_session_<uuid>`: Claude Code before 2.1.78. */
const oldForm = /^user_([0-9a-f]{1,64})_account_[0-9a-f-]{0,36}_session_([0-9a-f-]{1,36})$/i

/** Reads `metadata.user_id`, which is free text for the API and holds JSON, or the older form, when Claude Code sent it. */
export function readClientSession(userId: string | null): ClientSession {
  const old = userId?.match(oldForm)
  if (old) return { sessionId: old[2] ?? null, deviceId: old[1] ?? null }
  const ids = userId?.startsWith('{') ? asRecord(parseJson(userId)) : null
  return { sessionId: asText(ids?.session_id), deviceId: asText(ids?.device_id) }
}
