import { cleanText } from '@/components/message/clean-text'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { nameOf } from './prepare-timing'

type Decision = NonNullable<RequestDetail['noAccount']>

/** Why a choice of an account fell as it did, and which accounts were passed over. */
export function DecisionNote({ decision, detail }: { decision: Decision; detail: RequestDetail }) {
  const { reason, skipped = [] } = decision
  return (
    <>
      <span className="block font-normal text-muted">{cleanText(reason)}</span>
      {skipped.length > 0 && (
        <ul className="mt-1 list-disc pl-4 font-normal text-muted" aria-label="Passed over">
          {skipped.map(({ accountId, why }) => (
            <li key={accountId}>
              passed over{' '}
              <span className="font-medium" title={cleanText(accountId)}>
                {cleanText(nameOf(accountId, detail))}
              </span>
              : {cleanText(why)}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
