import { StatusPill } from '@/components/ui/status-pill'

/** How to get a link that works. */
export function SetupHelp({ wasTokenGiven }: { wasTokenGiven: boolean }) {
  return (
    <div className="flex flex-col gap-4 text-body">
      {wasTokenGiven && (
        <p role="alert">
          <StatusPill status="warn">Link not valid</StatusPill>
          <span className="mt-2 block">This setup link is wrong, or its hour has passed.</span>
        </p>
      )}
      <p>Nobody can log in yet. The first user is made with a link that only the server knows:</p>
      <ol className="flex list-decimal flex-col gap-2 pl-5">
        <li>
          Look at the server&apos;s output for the line with <code className="font-mono">setupUrl</code>: it holds the
          setup link.
        </li>
        <li>
          Open that link in this browser. It looks like{' '}
          <code className="font-mono whitespace-nowrap">/setup?token=…</code>
        </li>
        <li>It holds for 60 minutes and works once. Restart the server to get a new one.</li>
      </ol>
      <p className="text-muted">
        No access to the output? Start the server with <code className="font-mono">SETUP_TOKEN</code> set to a secret of
        16 characters or more, and open <code className="font-mono break-all">/setup?token=&lt;that secret&gt;</code>.
      </p>
    </div>
  )
}
