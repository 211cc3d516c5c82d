import { asRecord, asText, parseJson } from './json'

/** `user_<64 hex>_account_<uuid or nothing>_session_<uuid>`: Claude Code before 2.1.78. */
const oldForm = /^user_[0-9a-f]{1,64}_account_[0-9a-f-]{0,36}_session_([0-9a-f-]{1,36})$/i

/**
 * The session named in `metadata.user_id`, which is free text for the API and holds JSON, or the older form, when
 * Claude Code sent it.
 */
export function readSessionId(userId: string | null): string | null {
  const old = userId?.match(oldForm)
  if (old) return old[1] ?? null
  const ids = userId?.startsWith('{') ? asRecord(parseJson(userId)) : null
  return asText(ids?.session_id)
}
