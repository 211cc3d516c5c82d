'use client'

import { ErrorState } from '@/components/ui/error-state'

interface ErrorPageProps {
  error: Error & { digest?: string }
  reset: () => void
}

/** A page failed on the server or in the browser; the digest finds it in the log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main className="mx-auto max-w-3xl p-6">
      <ErrorState
        title="This page could not be shown"
        message="The database may be away for a moment. The proxy keeps serving and recording meanwhile."
        requestId={error.digest}
        onRetry={reset}
      />
    </main>
  )
}
