'use client'

import { ErrorState } from '@/components/ui/error-state'

interface ErrorPageProps {
  error: Error & { digest?: string }
  reset: () => void
}

/** One page failed; the shell around it still works. The digest finds the failure in the server's log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <ErrorState
      title="This page could not be shown"
      message="The database may be away for a moment. The proxy keeps serving and recording meanwhile."
      requestId={error.digest}
      onRetry={reset}
    />
  )
}
