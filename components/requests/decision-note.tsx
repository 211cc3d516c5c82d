import { cleanText } from '@/components/message/clean-text'
import type { RequestDetail } from '@/lib/requests/request-detail'

type Decision = NonNullable<RequestDetail['noAccount']>

/** Why a choice of an account fell as it did, and which accounts were passed over. */
export function DecisionNote({ decision: { reason, skipped = [] } }: { decision: Decision }) {
  return (
    <>
      <span className="block font-normal text-muted">{cleanText(reason)}</span>
      {skipped.length > 0 && (
        <ul className="mt-1 list-disc pl-4 font-normal text-muted" aria-label="Passed over">
          {skipped.map(({ accountId, why }) => (
            <li key={accountId}>
              passed over <span className="font-mono">{cleanText(accountId)}</span>: {cleanText(why)}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
